import CharLMFiles

/// Where the tokens of a corpus are kept.
public struct TokenStorage: Hashable, Sendable {
  /// The folder for the tokens of large corpora; nil to keep them in temporary files.
  public var cacheFolder: String?
  /// The size in bytes up to which the tokens of a corpus stay in memory: that of all its files.
  public var largestInMemory: Int

  /// A storage; without arguments, with the user's cache folder.
  public init(cacheFolder: String? = TokenStorage.standardCacheFolder, largestInMemory: Int = 32 << 20) {
    self.cacheFolder = cacheFolder
    self.largestInMemory = largestInMemory
  }

  /// In memory, whatever the size of the corpus.
  public static let memory = TokenStorage(cacheFolder: nil, largestInMemory: .max)

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

/// Where the tokens of a large corpus are that could not be written to the cache.
public enum TokenPlace: Sendable {
  /// A temporary file without a name in this folder.
  case temporaryFile(folder: String)
  /// In memory.
  case memory
}
