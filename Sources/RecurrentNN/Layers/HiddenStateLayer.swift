/// A recurrent layer whose state is h alone: RNN and GRU.
public protocol HiddenStateLayer: RecurrentLayer {}

extension HiddenStateLayer {
  /// Runs a sequence from the zero state. Shapes: see `RecurrentLayer`.
  public func callAsFunction(_ input: Tensor) -> (output: Tensor, hidden: Tensor) {
    let result = run(input, states: nil)
    return (result.output, result.states[0])
  }

  /// Runs a sequence from a state.
  public func callAsFunction(_ input: Tensor, _ hidden: Tensor) -> (output: Tensor, hidden: Tensor) {
    let result = run(input, states: [hidden])
    return (result.output, result.states[0])
  }

  /// Runs packed sequences from zero states.
  public func callAsFunction(_ input: PackedSequence) -> (output: PackedSequence, hidden: Tensor) {
    let result = run(input, states: nil)
    return (result.output, result.states[0])
  }

  /// Runs packed sequences from a state.
  public func callAsFunction(_ input: PackedSequence, _ hidden: Tensor) -> (output: PackedSequence, hidden: Tensor) {
    let result = run(input, states: [hidden])
    return (result.output, result.states[0])
  }
}
