import CharLMFiles
import CharLMText

// Tokens of an earlier run of the same files and settings.

extension CorpusReader {
  private static let suffix = ".tokens"

  /// The corpus from a token file in the cache folder, if there is one.
  func cachedCorpus() throws(CorpusError) -> Corpus? {
    guard let folder = storage.cacheFolder else { return nil }
    let names = (try? Files.names(in: folder, suffix: CorpusReader.suffix)) ?? []
    let prefix = cachePrefix + "-"
    let files = names.filter { $0.hasPrefix(prefix) }.compactMap { try? TokenFile(Files.join(folder, $0)) }
    guard !files.isEmpty else { return nil }
    let digests = try digests()
    for file in files where accepts(file.description, digests: digests) {
      var progress = PassProgress(.verifying, byteCount: file.byteCount, observe)
      do throws(TokenFileError) { try file.verify { progress.note($0) } } catch { continue }
      observe(.reused(path: file.path))
      return Corpus(file, record: withPresentPaths(file.description.corpus))
    }
    return nil
  }

  /// The name of the token file that a description is of.
  func cacheName(_ description: TokenFileDescription) -> String {
    cachePrefix + "-" + CorpusReader.digest(description.json) + CorpusReader.suffix
  }

  /// What the names of token files of sources of these sizes begin with, so that digests are computed only where there
  /// is such a token file.
  private var cachePrefix: String {
    let sizes = allSources.map { String($0.byteCount) }.joined(separator: ",")
    let settings = "\(validationSource != nil) \(validationFraction) \(documentSeparator ?? "")"
    return CorpusReader.digest(Array((sizes + " " + settings).utf8))
  }

  private static func digest(_ bytes: [UInt8]) -> String {
    var digest = SHA256Digest()
    digest.update(bytes)
    return String(digest.hexadecimal.prefix(16))
  }

  private func digests() throws(CorpusError) -> [String] {
    var progress = PassProgress(.checking, byteCount: byteCount, observe)
    var digests: [String] = []
    for source in allSources {
      digests.append(try mapError(CorpusError.file, source.sha256 { progress.note($0) }))
      progress.finish(source.byteCount)
    }
    return digests
  }

  /// Whether the tokens that a file describes are those of this corpus.
  /// - Parameter digests: the SHA-256 of `allSources`.
  private func accepts(_ description: TokenFileDescription, digests: [String]) -> Bool {
    let (files, sources) = (description.corpus.allFiles, allSources)
    // Where each source has an encoding of its own, of a record, that of the settings does not count.
    let isEncodingKnown = sources.allSatisfy { $0.encoding != nil }
    guard files.map(\.sha256) == digests,
      zip(files, sources).allSatisfy({ file, source in source.encoding == nil || source.encoding == file.encoding }),
      isEncodingKnown || description.requested.encoding == settings.encoding,
      // What a vocabulary lacks is known once the text is counted.
      !extendsVocabulary, record(files) == description.corpus,
      description.unicodeVersion == UnicodeLibrary.unicodeVersion,
      description.onUnknown == onUnknown
    else { return false }
    guard let tokenizer else {
      return !description.isVocabularyGiven && description.requested == settings
        && description.isAutomatic == isAutomatic
    }
    var settings = settings
    settings.encoding = description.text.encoding
    return settings == description.text && description.vocabulary == tokenizer.vocabulary
  }

  /// A record with the paths as they are given now.
  private func withPresentPaths(_ record: CorpusRecord) -> CorpusRecord {
    var record = record
    for (index, source) in sources.enumerated() { record.files[index].path = source.path }
    record.validationFile?.path = validationSource?.path ?? ""
    return record
  }
}
