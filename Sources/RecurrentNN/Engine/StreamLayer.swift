/// A layer's state in a `StreamState`, of L streams where there is room for M.
struct StreamLayerState {
  /// (L, H): what the cell reads.
  var hidden: Matrix
  /// (L, H): where a step writes h.
  let nextHidden: Matrix
  /// An LSTM's c, in groups of units, (M, units) each.
  let cells: View<Float>
  /// M.
  let capacity: Int
}

/// One layer of a `StreamStack`: its weights, in parts that the members of a team share out among themselves.
final class StreamLayer {
  let parts: [StreamPart]
  /// Of a layer-normalized cell.
  let norm: StreamNorm?
  let mogrifier: StreamMogrifier?
  private let mogrifierWeights: [StreamWeight]
  private let inputHidden: StreamWeight
  private let hiddenHidden: StreamWeight
  private let buffers: [Buffer<Float>]  // biases, which the parts look at
  /// Copy the parameters from where they are to this layout.
  private let copies: [() -> Void]

  init(
    _ store: ParameterStore, _ shape: RecurrentShape, prefix: String, layer: Int, rowCount: Int,
    precision: StreamPrecision
  ) {
    let suffix = shape.suffix(layer: layer, isReverse: false)
    var vectors = GroupedVectors(gateCount: shape.cell.gateCount, hiddenSize: shape.hiddenSize)
    let kernels = precision.kernels
    func weight(_ name: String, gateCount: Int = shape.cell.gateCount, _ precision: StreamPrecision) -> StreamWeight {
      let source = store.matrix(named: prefix + name + suffix)
      let weight = StreamWeight(source, gateCount: gateCount, precision: precision, kernels: kernels)
      vectors.copies.append { weight.copy(source) }
      return weight
    }
    func vector(_ name: String, ending: String = "") -> View<Float> {
      store.view(named: prefix + name + suffix + ending)
    }
    // What a mogrifier makes of an embedding is multiplied in each step, not once a token.
    let isKept = layer == 0 && !shape.hasMogrifier
    let (inputHidden, hiddenHidden) = (
      weight("weight_ih", isKept ? precision.ofEmbeddings : precision), weight("weight_hh", precision)
    )
    let mogrifierWeights = (0..<shape.mogrifierRounds).map {
      weight(Mogrifier.parameterName(round: $0), gateCount: 1, precision)
    }
    let biases = shape.hasBias ? [vector("bias_ih"), vector("bias_hh")] : []
    // A GRU's b_hh acts inside r ⊙ (…) and stays apart.
    let (projected, recurrent) =
      shape.cell == .gru ? (Array(biases.prefix(1)), Array(biases.dropFirst())) : (biases, [])
    parts = (0..<hiddenHidden.groupCount).map { number in
      let units = hiddenHidden.units(ofGroup: number)
      return StreamPart(
        units: units, inputHidden: inputHidden.group(number), hiddenHidden: hiddenHidden.group(number),
        inputBias: vectors.sum(projected, units),
        recurrentBias: recurrent.isEmpty ? nil : vectors.sum(recurrent, units), kernels: kernels)
    }
    if shape.hasLayerNorm {
      let gains = ["ln_ih", "ln_hh"].map { vectors.joined(vector($0, ending: ".weight"), hiddenHidden) }
      norm = StreamNorm(
        gains: (gains[0], gains[1]), scratch: vectors.room(2 * rowCount * shape.gateSize),
        rowCount: rowCount, kernels: kernels)
    } else {
      norm = nil
    }
    if mogrifierWeights.isEmpty {
      mogrifier = nil
    } else {
      let (inputSize, hiddenSize) = (shape.inputSize(ofLayer: layer), shape.hiddenSize)
      mogrifier = StreamMogrifier(
        mogrifierWeights, inputSize: inputSize, hiddenSize: hiddenSize,
        scratch: vectors.room(rowCount * (inputSize + hiddenSize)), rowCount: rowCount, kernels: kernels)
    }
    self.mogrifierWeights = mogrifierWeights
    self.inputHidden = inputHidden
    self.hiddenHidden = hiddenHidden
    buffers = vectors.buffers
    copies = vectors.copies
  }

  /// Takes the parameters as they are now.
  func refresh() { for copy in copies { copy() } }
}

/// Biases and gains in the order of the columns of a weight's groups: by group, then gate, then unit.
private struct GroupedVectors {
  let gateCount: Int
  let hiddenSize: Int
  /// What owns the memory.
  private(set) var buffers: [Buffer<Float>] = []
  /// Make all that was made once more.
  var copies: [() -> Void] = []

  init(gateCount: Int, hiddenSize: Int) {
    self.gateCount = gateCount
    self.hiddenSize = hiddenSize
  }

  /// Memory of zeros.
  mutating func room(_ count: Int) -> View<Float> {
    let buffer = Buffer<Float>(count: count)
    buffers.append(buffer)
    return buffer.view
  }

  /// The sum of vectors (G·H) for a group's columns.
  mutating func sum(_ vectors: [View<Float>], _ units: Range<Int>) -> View<Float> {
    let sum = room(gateCount * units.count)
    add(vectors, units, into: sum)
    return sum
  }

  private mutating func add(_ vectors: [View<Float>], _ units: Range<Int>, into sum: View<Float>) {
    let copy = { [gateCount, hiddenSize] in
      sum.fill(0)
      for vector in vectors {
        for (place, unit) in units.enumerated() {
          for gate in 0..<gateCount { sum[gate * units.count + place] += vector[gate * hiddenSize + unit] }
        }
      }
    }
    copy()
    copies.append(copy)
  }

  /// A vector (G·H) for the columns of all groups.
  mutating func joined(_ vector: View<Float>, _ weight: StreamWeight) -> View<Float> {
    let joined = room(gateCount * hiddenSize)
    for number in 0..<weight.groupCount {
      let units = weight.units(ofGroup: number)
      add(
        [vector], units, into: joined[gateCount * units.lowerBound..<gateCount * units.upperBound])
    }
    return joined
  }
}
