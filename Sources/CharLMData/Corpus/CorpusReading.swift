import CharLMFiles
import CharLMText

/// Reads a corpus: one pass to count, one to encode; or finds the tokens of an earlier run.
///
/// Memory is that of the vocabulary and of some pieces, unless the corpus is small, whose tokens are kept in memory.
struct CorpusReading {
  private let request: CorpusRequest

  init(_ request: CorpusRequest) { self.request = request }

  /// The tokens.
  func tokens() throws(CorpusError) -> CorpusTokens {
    let isLarge = request.byteCount > request.storage.largestInMemory
    if isLarge, let reused = try reusedTokens() { return reused }
    let counted = try CountingPass(request)
    let tokenizer = try counted.tokenizer()
    let description = counted.request.description(counted.request.record(counted.records), tokenizer)
    let encoding = TokenizationPass(counted, description)
    return isLarge ? try storedTokens(encoding) : try tokensInMemory(encoding)
  }

  private func tokensInMemory(_ encoding: TokenizationPass) throws(CorpusError) -> CorpusTokens {
    var tokens = TokenSequence(vocabularyCount: encoding.description.vocabulary.count)
    let description = try encoding.run { (more) throws(TokenFileError) in
      if tokens.isEmpty { tokens = more } else { tokens.append(contentsOf: more) }
    }
    return CorpusTokens(description, description.corpus, TokenText(tokens))
  }

  // MARK: Token files

  /// Tokens in the cache folder; where that cannot be, in a temporary file; where that cannot be, in memory.
  private func storedTokens(_ encoding: TokenizationPass) throws(CorpusError) -> CorpusTokens {
    var failure: TokenFileError?
    if let folder = request.storage.cacheFolder {
      do throws(CorpusError) {
        let file = try cachedFile(encoding, in: folder)
        request.observe(.cached(path: file.path))
        return CorpusTokens(file.description, file.description.corpus, TokenText(file))
      } catch {
        guard case .tokens(let error) = error else { throw error }
        failure = error
      }
    }
    let folder = Files.temporaryFolder
    do throws(CorpusError) {
      let file = try temporaryFile(encoding, in: folder)
      if let failure { request.observe(.notCached(failure, .temporaryFile(folder: folder))) }
      return CorpusTokens(file.description, file.description.corpus, TokenText(file))
    } catch {
      guard case .tokens(let error) = error, fitsInMemory(encoding) else { throw error }
      request.observe(.notCached(failure ?? error, .memory))
      return try tokensInMemory(encoding)
    }
  }

  /// Whether as many tokens as there are bytes take at most a gigabyte.
  private func fitsInMemory(_ encoding: TokenizationPass) -> Bool {
    let width = TokenSequence(vocabularyCount: encoding.description.vocabulary.count).bytesPerToken
    return request.byteCount <= (1 << 30) / width
  }

  private func cachedFile(_ encoding: TokenizationPass, in folder: String) throws(CorpusError) -> TokenFile {
    let writer = try writer(encoding, in: folder)
    let description = try encoding.run { (tokens) throws(TokenFileError) in try writer.append(tokens) }
    let name = CorpusReading.prefix(request) + "-" + CorpusReading.digest(description.json) + CorpusReading.suffix
    do throws(TokenFileError) {
      return try writer.finish(description, as: Files.join(folder, name))
    } catch {
      throw .tokens(error)
    }
  }

  private func temporaryFile(_ encoding: TokenizationPass, in folder: String) throws(CorpusError) -> TokenFile {
    let writer = try writer(encoding, in: folder)
    let description = try encoding.run { (tokens) throws(TokenFileError) in try writer.append(tokens) }
    do throws(TokenFileError) { return try writer.finishUnnamed(description) } catch { throw .tokens(error) }
  }

  private func writer(_ encoding: TokenizationPass, in folder: String) throws(CorpusError) -> TokenFileWriter {
    do throws(FileError) {
      try Files.ensureWritableFolder(folder)
      FileWriter.removeAbandoned(in: folder)
      return try TokenFileWriter(in: folder, vocabularyCount: encoding.description.vocabulary.count)
    } catch {
      throw .tokens(.file(error))
    }
  }

  // MARK: The cache

  private static let suffix = ".tokens"

  /// What the names of token files of files of these sizes begin with, so that digests are computed only where there is
  /// such a token file.
  private static func prefix(_ request: CorpusRequest) -> String {
    let sizes = request.allSources.map { String($0.byteCount) }.joined(separator: ",")
    let settings = "\(request.validationSource != nil) \(request.validationFraction) \(request.documentSeparator ?? "")"
    return digest(Array((sizes + " " + settings).utf8))
  }

  private static func digest(_ bytes: [UInt8]) -> String {
    var digest = SHA256Digest()
    digest.update(bytes)
    return String(digest.hexadecimal.prefix(16))
  }

  /// The tokens of an earlier run of the same files and settings, if they are in the cache.
  private func reusedTokens() throws(CorpusError) -> CorpusTokens? {
    guard let folder = request.storage.cacheFolder else { return nil }
    let names = (try? Files.names(in: folder, suffix: CorpusReading.suffix)) ?? []
    let prefix = CorpusReading.prefix(request) + "-"
    let files = names.filter { $0.hasPrefix(prefix) }.compactMap { try? TokenFile(Files.join(folder, $0)) }
    guard !files.isEmpty else { return nil }
    let digests = try digests()
    for file in files where request.isMet(by: file.description, digests: digests) {
      var progress = PassProgress(.verifying, request, byteCount: file.byteCount)
      do throws(TokenFileError) { try file.verify { progress.note($0) } } catch { continue }
      request.observe(.reused(path: file.path))
      return CorpusTokens(file.description, record(file.description.corpus), TokenText(file))
    }
    return nil
  }

  private func digests() throws(CorpusError) -> [String] {
    var progress = PassProgress(.checking, request)
    var digests: [String] = []
    do throws(FileError) {
      for source in request.allSources {
        digests.append(try source.sha256 { progress.note($0) })
        progress.finish(source.byteCount)
      }
    } catch {
      throw .file(error)
    }
    return digests
  }

  /// A record with the paths as they are given now.
  private func record(_ record: CorpusRecord) -> CorpusRecord {
    var record = record
    for (index, source) in request.sources.enumerated() { record.files[index].path = source.path }
    record.validationFile?.path = request.validationSource?.path ?? ""
    return record
  }
}
