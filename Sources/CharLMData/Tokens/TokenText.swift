import CharLMText

/// The tokens of a text, or of a part of it: in memory, or in a file that is read in pieces.
public struct TokenText: Sendable {
  private enum Storage: Sendable {
    case memory(TokenSequence)
    case file(TokenFile)
  }

  private let storage: Storage
  private let range: Range<Int>

  /// Tokens in memory.
  public init(_ tokens: TokenSequence) {
    storage = .memory(tokens)
    range = 0..<tokens.count
  }

  /// Tokens in a file.
  init(_ file: TokenFile) {
    storage = .file(file)
    range = 0..<file.tokenCount
  }

  private init(_ storage: Storage, _ range: Range<Int>) {
    self.storage = storage
    self.range = range
  }

  /// The number of tokens.
  public var count: Int { range.count }

  /// Whether the tokens are in a file.
  public var isInFile: Bool {
    if case .file = storage { true } else { false }
  }

  /// A part of the text, sharing its storage; positions count from the part's start.
  public subscript(part: Range<Int>) -> TokenText {
    precondition(part.lowerBound >= 0 && part.upperBound <= count, "tokens \(part) of \(count)")
    return TokenText(storage, range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound)
  }

  /// Copies the tokens of `part` to the start of `target`, which must be long enough.
  ///
  /// - Throws: `TokenFileError` where the file cannot be read, was cut or damaged.
  /// - Complexity: O(part), without allocation; a call of the system where the tokens lie in a file.
  public func copy(_ part: Range<Int>, to target: inout MutableSpan<TokenID>) throws(TokenFileError) {
    precondition(
      part.lowerBound >= 0 && part.upperBound <= count && part.count <= target.count,
      "tokens \(part) of \(count) into room for \(target.count)")
    let part = range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound
    switch storage {
    case .memory(let tokens): tokens.copy(part, to: &target)
    case .file(let file): try file.copy(part, to: &target)
    }
  }

  /// The tokens of `part` as an array.
  public func tokens(_ part: Range<Int>) throws(TokenFileError) -> [TokenID] {
    var tokens = [TokenID](repeating: 0, count: part.count)
    var span = tokens.mutableSpan
    try copy(part, to: &span)
    return tokens
  }

  /// All tokens as an array.
  public func tokens() throws(TokenFileError) -> [TokenID] { try tokens(0..<count) }
}
