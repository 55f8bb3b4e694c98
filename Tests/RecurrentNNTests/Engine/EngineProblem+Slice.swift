import RecurrentNN

extension EngineProblem {
  /// Some of the sequences at some of their times, alone. Input must be dense; resets are not taken along.
  func slice(sequences: Range<Int>, times: Range<Int>) -> EngineProblem {
    var part = self
    part.lengths = sequences.map { min(lengths[$0], times.upperBound) - times.lowerBound }.filter { $0 > 0 }
    part.resets = []
    let places = rows(sequences: sequences, times: times)
    part.inputRows = inputRows.picked(places, shape.inputSize)
    part.outputGradient = outputGradient.picked(places, shape.outputSize)
    part.initialHidden = initialHidden.map { $0.picked(sequences, shape.stateSize) }
    part.finalHiddenGradient = finalHiddenGradient.map { $0.picked(sequences, shape.stateSize) }
    part.initialCell = initialCell.map { $0.picked(sequences, shape.hiddenSize) }
    part.finalCellGradient = finalCellGradient.map { $0.picked(sequences, shape.hiddenSize) }
    return part
  }

  /// The chunk rows of some sequences at some of their times, step by step.
  func rows(sequences: Range<Int>, times: Range<Int>) -> [Int] {
    times.flatMap { time in sequences.filter { lengths[$0] > time }.map { row(of: $0, at: time) } }
  }

  /// The same problem with zeros for the states, initial and the gradients of final, of one direction.
  func withoutInitialStates(ofReverse isReverse: Bool) -> EngineProblem {
    replacing(\.initialHidden, \.initialCell, ofReverse: isReverse)
  }

  func withoutFinalGradients(ofReverse isReverse: Bool) -> EngineProblem {
    replacing(\.finalHiddenGradient, \.finalCellGradient, ofReverse: isReverse)
  }

  private func replacing(
    _ hidden: WritableKeyPath<EngineProblem, [[Float]]>, _ cell: WritableKeyPath<EngineProblem, [[Float]]>,
    ofReverse isReverse: Bool
  ) -> EngineProblem {
    var problem = self
    for path in [hidden, cell] {
      for number in problem[keyPath: path].indices where self.isReverse(state: number) == isReverse {
        problem[keyPath: path][number] = problem[keyPath: path][number].map { _ in 0 }
      }
    }
    return problem
  }

  /// Whether a state, numbered by layer · directions + direction, is the reverse direction's.
  func isReverse(state number: Int) -> Bool { number % shape.directionCount == 1 }
}

extension Array where Element == Float {
  /// Some rows of a row-major matrix.
  func picked(_ rows: some Sequence<Int>, _ columnCount: Int) -> [Float] {
    rows.flatMap { self[$0 * columnCount..<($0 + 1) * columnCount] }
  }

  /// Sums, element by element.
  func added(to other: [Float]) -> [Float] { zip(self, other).map { $0 + $1 } }
}
