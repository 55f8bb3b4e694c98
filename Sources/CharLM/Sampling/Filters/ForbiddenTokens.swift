import CharLMText

/// Leaves certain tokens out, such as the unknown one.
public struct ForbiddenTokens: SamplingFilter {
  /// What is never drawn.
  public let tokens: [TokenID]

  /// Leaves these tokens out.
  public init(_ tokens: [TokenID]) { self.tokens = tokens }

  /// Leaves the tokens out.
  public func apply(to logits: inout MutableSpan<Float>) {
    for token in tokens { logits[Int(token)] = -.infinity }
  }
}
