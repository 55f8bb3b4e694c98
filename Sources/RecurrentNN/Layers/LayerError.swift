/// What can be wrong with a layer's options or input: a caller's mistake, so the layers stop the program with
/// its description; `check…` functions give it as a value.
public enum LayerError: Error, Equatable, Sendable {
  /// A size that must be positive.
  case size(name: String, value: Int)
  /// A dropout probability outside [0, 1].
  case dropout(Float)
  /// A projection that is negative, or not smaller than the hidden size.
  case projection(Int, hiddenSize: Int)
  /// A projection for a layer that has none.
  case projectionUnsupported(layer: String)
  /// An input of the wrong number of dimensions.
  case inputRank(found: [Int], expected: String)
  /// An input whose last dimension is not the layer's input size.
  case inputWidth(found: Int, expected: Int)
  /// An input without time steps.
  case noSteps
  /// A state of the wrong shape; `name` is h or c.
  case stateShape(name: String, found: [Int], expected: [Int])
  /// A batched input with an unbatched state, or the reverse.
  case batchMismatch(inputIsBatched: Bool, name: String, stateShape: [Int])
}

extension LayerError: CustomStringConvertible {
  /// One line: what was expected and what came.
  public var description: String {
    switch self {
    case .size(let name, let value): "\(name) must be positive, not \(value)"
    case .dropout(let value): "dropout must be a probability from 0 to 1, not \(value)"
    case .projection(let size, let hiddenSize):
      "projectionSize must be from 0 to below hiddenSize (\(hiddenSize)), not \(size)"
    case .projectionUnsupported(let layer): "a projection is for LSTM only, not for \(layer)"
    case .inputRank(let found, let expected): "expected an input of shape \(expected), got \(found)"
    case .inputWidth(let found, let expected): "expected an input of width \(expected), got \(found)"
    case .noSteps: "expected an input of at least one time step, got none"
    case .stateShape(let name, let found, let expected): "expected \(name) of shape \(expected), got \(found)"
    case .batchMismatch(let inputIsBatched, let name, let shape):
      "the input is \(inputIsBatched ? "batched" : "unbatched") but \(name), of shape \(shape), is "
        + (inputIsBatched ? "not" : "batched")
    }
  }
}

/// Stops the program with the error's description, in optimized builds too, where a failed precondition says nothing.
func orStop<Value>(_ body: () throws(LayerError) -> Value) -> Value {
  do throws(LayerError) { return try body() } catch { fatalError(error.description) }
}
