import CharLMFiles
import CharLMText

/// What happens while a corpus is read, for whoever shows it.
public enum CorpusEvent: Sendable {
  /// So many bytes of all files were read in a pass.
  case progress(CorpusPass, byteCount: Int, of: Int)
  /// A file's encoding was found; not said of UTF-8.
  case detected(path: String, EncodingDetection)
  /// A vocabulary that is large for its corpus gets a fallback.
  case advised(VocabularyAdvice)
  /// The tokens of an earlier run are used again.
  case reused(path: String)
  /// Tokens were written for later runs.
  case cached(path: String)
  /// Tokens could not be written to the cache; where they are instead.
  case notCached(TokenFileError, TokenPlace)
}

/// A pass through the files.
public enum CorpusPass: String, Sendable {
  /// Digests of the files, to find tokens of an earlier run.
  case checking
  /// The digest of an earlier run's tokens.
  case verifying
  /// Decoding, and counting tokens.
  case counting
  /// Writing tokens.
  case encoding
}

/// Where the tokens of a large corpus are, where not in the cache.
public enum TokenPlace: Sendable {
  /// A temporary file without a name in this folder.
  case temporaryFile(folder: String)
  /// In memory.
  case memory
}

/// Where the tokens of a corpus are kept.
public struct TokenStorage: Hashable, Sendable {
  /// The folder for the tokens of large corpora; nil for none, then they are in temporary files.
  public var cacheFolder: String?
  /// The tokens of files that are together at most so large, in bytes, stay in memory.
  public var largestInMemory: Int

  /// A storage; without arguments, with the user's cache folder.
  public init(cacheFolder: String? = TokenStorage.standardCacheFolder, largestInMemory: Int = 32 << 20) {
    self.cacheFolder = cacheFolder
    self.largestInMemory = largestInMemory
  }

  /// `$CHARLM_CACHE`, else the system's folder for caches: `$XDG_CACHE_HOME/charlm` or `~/.cache/charlm`, on macOS
  /// `~/Library/Caches/charlm`; nil where there is no home.
  public static var standardCacheFolder: String? {
    if let folder = Files.environment("CHARLM_CACHE") { return folder }
    let home = Files.environment("HOME")
    #if os(macOS)
      return home.map { Files.join($0, "Library/Caches/charlm") }
    #else
      if let folder = Files.environment("XDG_CACHE_HOME"), folder.hasPrefix("/") { return Files.join(folder, "charlm") }
      return home.map { Files.join($0, ".cache/charlm") }
    #endif
  }
}
