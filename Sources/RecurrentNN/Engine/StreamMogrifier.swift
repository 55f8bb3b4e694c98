/// A mogrifier (`Mogrifier`) where a team computes a layer in parts: each member gates the columns of its groups of a
/// round's weight, and all meet before the next round reads them.
///
/// A plain value, like `StreamPart`; it holds as long as its layer.
struct StreamMogrifier {
  /// By round.
  private let weights: [(units: [Range<Int>], groups: [StreamWeight.Group])]
  /// (M, I) and (M, R): what the cell will read.
  private let input: Matrix
  private let hidden: Matrix
  private let kernels: Kernels

  /// - Parameters:
  ///   - weights: by round.
  ///   - scratch: room for M rows of I and R floats.
  init(
    _ weights: [StreamWeight], inputSize: Int, hiddenSize: Int, scratch: View<Float>, rowCount: Int, kernels: Kernels
  ) {
    self.weights = weights.map { weight in
      let groups = 0..<weight.groupCount
      return (groups.map { weight.units(ofGroup: $0) }, groups.map { weight.group($0) })
    }
    input = scratch[0..<rowCount * inputSize].matrix(rowCount, inputSize)
    hidden = scratch[rowCount * inputSize..<rowCount * (inputSize + hiddenSize)].matrix(rowCount, hiddenSize)
    self.kernels = kernels
  }

  /// A member's part of all rounds; every member calls it. On return all has been gated.
  /// - Parameters:
  ///   - x: (L, I): the input; it stays as it is.
  ///   - h: (L, R): what the streams carry; it stays as it is.
  /// - Returns: what the cell reads, (L, I) and (L, R).
  func run(member: Int, team: Team, x: Matrix, h: Matrix, _ scratch: StreamScratch) -> (input: Matrix, hidden: Matrix) {
    let (gatedInput, gatedHidden) = (input.rows(first: h.rowCount), hidden.rows(first: h.rowCount))
    var (input, hidden) = (x, h)
    for (round, weight) in weights.enumerated() {
      let gatesInput = Mogrifier.gatesInput(round: round)
      let read = gatesInput ? scratch.hidden(hidden) : scratch.input(input)
      let (source, target) = gatesInput ? (input, gatedInput) : (hidden, gatedHidden)
      for place in team.part(member, of: weight.groups.count) {
        let (units, group) = (weight.units[place], weight.groups[place])
        let factors = scratch.recurrent[0..<h.rowCount * units.count].matrix(h.rowCount, units.count)
        group.multiply(read, into: factors)
        for row in 0..<h.rowCount {
          kernels.modulate(source.row(row)[units], factors: factors.row(row), into: target.row(row)[units])
        }
      }
      if gatesInput { input = target } else { hidden = target }
      team.barrier()
    }
    return (input, hidden)
  }
}
