/// What is fuzzed: a reader of bytes that may come from anywhere.
public struct FuzzTarget: Sendable {
  /// As `Scripts/fuzz` calls it, and as its folder of inputs is called.
  public let name: String
  /// Reads an input and uses what came of it. A thrown error is a refusal, which is fine; a broken promise stops the
  /// process.
  let read: @Sendable ([UInt8]) throws -> Void

  /// All targets.
  public static let all = [
    safetensors, model, state, stateDict, tokens, pairs, vectors, vocabulary, log, text, tokenizer, compressed,
    compressedText, grammar, expression,
  ]

  /// Reads an input, whatever it is.
  /// - Returns: whether it was accepted.
  @discardableResult
  public func run(_ input: [UInt8]) -> Bool {
    do {
      try read(input)
      return true
    } catch {
      // What a refusal says is made of the input, too.
      require(!"\(error)".isEmpty, "a refusal without words")
      return false
    }
  }
}

/// Stops the process where a promise is broken, so that libFuzzer keeps the input.
func require(_ holds: Bool, _ message: @autoclosure () -> String) {
  if !holds { fatalError(message()) }
}
