import TestSupport
import Testing

@testable import RecurrentNN

@Suite("SOAP: Adam in the eigenbasis of a matrix's gradients")
struct EigenbasisTests {
  private static let settings = OptimizerSettings(kind: .soap, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1)

  /// Gradients that vary most along a few directions which are no axes.
  /// - Parameter noise: how much they vary along any.
  private static func gradients(_ rowCount: Int, _ columnCount: Int, count: Int, noise: Float = 1e-3) -> [[Float]] {
    var random = RandomValues(seed: 3)
    let directionCount = min(columnCount, 9)
    let directions = random.floats(directionCount * columnCount)
    return (0..<count).map { _ in
      (0..<rowCount).flatMap { _ in
        var row = random.floats(columnCount, bound: noise)
        for direction in 0..<directionCount {
          let amount = random.floats(1)[0] / Float(1 << direction)
          for column in 0..<columnCount { row[column] += amount * directions[direction * columnCount + column] }
        }
        return row
      }
    }
  }

  private static func step(
    _ optimizer: OptimizerState, _ store: ParameterStore, _ gradient: [Float], rate: Float, scale: Float = 0.5,
    isReversed: Bool = false
  ) {
    store.gradients.flat.fill(0)
    store.gradients.view(named: "weight").copy(from: gradient)
    optimizer.beginStep(store, gradients: store.gradients, scale: scale, rate: rate) { count, task in
      for number in 0..<count { task(isReversed ? count - 1 - number : number) }
    }
    for slice in optimizer.slices(of: 64) where slice.isUpdated {
      optimizer.update(slice.range, of: store, gradients: store.gradients, scale: scale, rate: rate)
    }
  }

  @Test("forty steps are those of the equations in Double", arguments: [(24, 9), (140, 8)])
  func reference(rowCount: Int, columnCount: Int) {
    let store = ParameterStore([("bias", [rowCount]), ("weight", [rowCount, columnCount])])
    // Along a direction that the gradients hardly have, Adam's move would be that of rounding.
    var settings = Self.settings
    settings.epsilon = 0.01
    let optimizer = OptimizerState(settings, for: store)
    var reference = ReferenceEigenbasis(settings, rowCount, columnCount)
    var expected = [Double](repeating: 0, count: rowCount * columnCount)
    for (step, gradient) in Self.gradients(rowCount, columnCount, count: 40, noise: 1e-7).enumerated() {
      let rate = Float(0.01) * Float(step % 5 + 1)
      Self.step(optimizer, store, gradient, rate: rate)
      reference.update(&expected, gradient: gradient.map { Double($0) * 0.5 }, rate: Double(rate))
      #expect(relativeError(store.values(named: "weight"), expected) <= 2e-3, "step \(step)")
    }
    #expect(store.values(named: "bias").allSatisfy { $0 == 0 }, "without a gradient a bias stays")
  }

  @Test("the basis is orthonormal and comes to diagonalize the covariance")
  func basis() throws {
    let size = 40
    let store = ParameterStore([("weight", [90, size])])
    let optimizer = OptimizerState(Self.settings, for: store)
    for gradient in Self.gradients(90, size, count: 160) { Self.step(optimizer, store, gradient, rate: 0.01) }
    let memories = Dictionary(uniqueKeysWithValues: optimizer.memories.map { ($0.name, $0.store) })
    let basis = try #require(memories["basis"]).matrix(named: "weight")
    let covariance = try #require(memories["covariance"]).matrix(named: "weight")
    let (turned, both) = (Buffer<Float>(count: size * size), Buffer<Float>(count: size * size))
    multiply(basis, basis, into: both.view.matrix(size, size), transposesRight: true)
    for index in 0..<size * size {
      #expect(abs(both.view[index] - (index % (size + 1) == 0 ? 1 : 0)) < 1e-5, "element \(index) of Q Qᵀ")
    }
    multiply(basis, covariance, into: turned.view.matrix(size, size))
    multiply(turned.view.matrix(size, size), basis, into: both.view.matrix(size, size), transposesRight: true)
    let diagonal = (0..<size).map { both.view[$0 * (size + 1)] }
    #expect(diagonal.prefix(8).elementsEqual(diagonal.prefix(8).sorted(by: >)), "the largest comes first")
    for row in 0..<8 {
      for column in 0..<row {
        let share = abs(both.view[row * size + column]) / (diagonal[row] * diagonal[column]).squareRoot()
        #expect(share < 0.25, "of (\(row), \(column)) \(share) is left")
      }
    }
  }

  @Test("rows that nearly are multiples of each other become orthonormal")
  func orthonormal() {
    let (rows, columns) = (70, 90)
    let matrix = Buffer<Float>(count: rows * columns)
    var random = RandomValues(seed: 9)
    let first = random.floats(columns)
    for row in 0..<rows {
      let noise = random.floats(columns)
      for column in 0..<columns { matrix.view[row * columns + column] = first[column] + 1e-3 * noise[column] }
    }
    let view = matrix.view.matrix(rows, columns)
    orthonormalizeRows(view, overlaps: Buffer(count: overlapCount(rowCount: rows)))
    for row in 0..<rows {
      for other in 0...row {
        let product = (0..<columns).reduce(0.0) { $0 + Double(view.row(row)[$1]) * Double(view.row(other)[$1]) }
        #expect(abs(product - (row == other ? 1 : 0)) < 1e-4, "rows \(row) and \(other): \(product)")
      }
    }
  }

  @Test("no move is far beyond the rate where gradients come along other directions than before")
  func bounded() {
    let (rows, columns, rate) = (24, 40, Float(0.01))
    let store = ParameterStore([("weight", [rows, columns])])
    let optimizer = OptimizerState(Self.settings, for: store)
    var random = RandomValues(seed: 3)
    for step in 0..<20 {
      // A token's row alone, large or small.
      var gradient = [Float](repeating: 0, count: rows * columns)
      let (row, size) = (step * 7 % rows, step % 3 == 0 ? Float(1) : 1e-6)
      for (column, value) in random.floats(columns).enumerated() { gradient[row * columns + column] = size * value }
      let before = store.flat.array
      Self.step(optimizer, store, gradient, rate: rate)
      for row in 0..<rows {
        let squares = (0..<columns).map { column in
          let move = store.flat.array[row * columns + column] - before[row * columns + column]
          return move * move
        }
        let largest = Eigenbasis.largestMove * rate * Float(columns).squareRoot()
        #expect(squares.reduce(0, +).squareRoot() < 1.01 * largest, "step \(step), row \(row)")
      }
    }
  }

  @Test("the order of tasks changes no bit, nor does going on from what is remembered")
  func repeats() {
    let gradients = Self.gradients(150, 140, count: 20)
    let stores = (0..<3).map { _ in ParameterStore([("bias", [150]), ("weight", [150, 140])]) }
    let optimizers = stores.map { OptimizerState(Self.settings, for: $0) }
    for (step, gradient) in gradients.enumerated() {
      Self.step(optimizers[0], stores[0], gradient, rate: 0.01)
      Self.step(optimizers[1], stores[1], gradient, rate: 0.01, isReversed: true)
      if step == 18 {
        stores[2].flat.copy(from: stores[0].flat)
        for (memory, other) in zip(optimizers[2].memories, optimizers[0].memories) {
          memory.store.flat.copy(from: other.store.flat)
        }
        optimizers[2].stepCount = optimizers[0].stepCount
        optimizers[2].refresh()
      } else if step > 18 {
        Self.step(optimizers[2], stores[2], gradient, rate: 0.01)
      }
    }
    #expect(stores[1].flat.array == stores[0].flat.array && stores[2].flat.array == stores[0].flat.array)
  }

  @Test("a gradient that is clipped from where its squares are infinite leaves the mean of the others as it was")
  func clipped() throws {
    let store = ParameterStore([("weight", [24, 12])])
    let optimizer = OptimizerState(Self.settings, for: store)
    let gradients = Self.gradients(24, 12, count: 16)
    for gradient in gradients.dropLast() { Self.step(optimizer, store, gradient, rate: 0.01) }
    let covariance = try #require(optimizer.memories.last).store.flat
    let before = covariance.array
    Self.step(optimizer, store, gradients[15].map { $0 * 1e30 }, rate: 0.01, scale: 1e-30)
    #expect(covariance.array == before && before.contains { $0 > 0 })
    #expect(optimizer.memories.allSatisfy { $0.store.flat.array.allSatisfy(\.isFinite) })
  }

  @Test("a valley along no axis is descended faster than by AdamW")
  func valley() {
    func loss(of optimizer: (ParameterStore) -> any Optimizer) -> Float {
      let (rows, columns) = (16, 16)
      let store = ParameterStore([("weight", [rows, columns])])
      var random = RandomValues(seed: 5)
      store.setValues(random.floats(rows * columns), named: "weight")
      let directions = random.floats(columns * columns)
      let optimizer = optimizer(store)
      var loss: Float = 0
      for _ in 0..<200 {
        // ½ |W D|², where D's columns have lengths of 1 to 1/64.
        let weight = store.values(named: "weight")
        var gradient = [Float](repeating: 0, count: rows * columns)
        loss = 0
        for row in 0..<rows {
          for along in 0..<columns {
            let size = Float(1) / Float(1 << (along % 7))
            let value = (0..<columns).reduce(Float(0)) {
              $0 + weight[row * columns + $1] * directions[$1 * columns + along] * size
            }
            loss += value * value / 2
            for column in 0..<columns {
              gradient[row * columns + column] += value * directions[column * columns + along] * size
            }
          }
        }
        store.gradients.view(named: "weight").copy(from: gradient)
        optimizer.step()
      }
      return loss
    }
    let soap = loss { SOAP([$0], learningRate: 0.01, weightDecay: 0) }
    let adam = loss { AdamW([$0], learningRate: 0.01, beta2: 0.99, weightDecay: 0) }
    #expect(soap < adam / 2, "SOAP comes to \(soap), AdamW to \(adam)")
  }
}

/// The equations of `Eigenbasis`, in Double, with plain loops.
private struct ReferenceEigenbasis {
  private let settings: OptimizerSettings
  private let (rowCount, columnCount): (Int, Int)
  private var (first, second): ([[Double]], [[Double]])
  private var (basis, covariance): ([[Double]], [[Double]])
  private var step = 0

  init(_ settings: OptimizerSettings, _ rowCount: Int, _ columnCount: Int) {
    self.settings = settings
    (self.rowCount, self.columnCount) = (rowCount, columnCount)
    first = [[Double]](repeating: [Double](repeating: 0, count: columnCount), count: rowCount)
    second = first
    covariance = [[Double]](repeating: [Double](repeating: 0, count: columnCount), count: columnCount)
    // Rows are directions.
    basis = (0..<columnCount).map { row in (0..<columnCount).map { $0 == row ? 1 : 0 } }
  }

  mutating func update(_ parameters: inout [Double], gradient flat: [Double], rate: Double) {
    step += 1
    let gradient = (0..<rowCount).map { Array(flat[$0 * columnCount..<($0 + 1) * columnCount]) }
    if Eigenbasis.addsGradient(step: step) {
      let decay = min(Double(Eigenbasis.decay), 1 - 1 / Double(step))
      for row in 0..<columnCount {
        for column in 0..<columnCount {
          let product = gradient.reduce(0) { $0 + $1[row] * $1[column] }
          covariance[row][column] = decay * covariance[row][column] + (1 - decay) * product
        }
      }
    }
    if Eigenbasis.isRenewed(step: step) {
      let plain = first.map { row in along(row, transposed: true) }
      for _ in 0..<(step <= Eigenbasis.period ? 4 : 1) { iterate() }
      first = plain.map { along($0) }
    }
    let (beta1, beta2) = (Double(settings.beta1), Double(settings.beta2))
    let (correction1, correction2) = (1 - power(beta1), 1 - power(beta2))
    for (row, values) in gradient.enumerated() {
      var moves: [Double] = []
      for (column, g) in along(values).enumerated() {
        first[row][column] = beta1 * first[row][column] + (1 - beta1) * g
        second[row][column] = beta2 * second[row][column] + (1 - beta2) * g * g
        let size = (second[row][column] / correction2).squareRoot() + Double(settings.epsilon)
        let largest = Double(Eigenbasis.largestMove)
        moves.append(min(max(first[row][column] / correction1 / size, -largest), largest))
      }
      for (column, move) in along(moves, transposed: true).enumerated() {
        let index = row * columnCount + column
        parameters[index] = parameters[index] * (1 - rate * Double(settings.weightDecay)) - rate * move
      }
    }
  }

  /// A row along the directions, or back.
  private func along(_ row: [Double], transposed: Bool = false) -> [Double] {
    (0..<columnCount).map { index in
      (0..<columnCount).reduce(0) { $0 + row[$1] * (transposed ? basis[$1][index] : basis[index][$1]) }
    }
  }

  private mutating func iterate() {
    let trace = (0..<columnCount).reduce(0) { $0 + covariance[$1][$1] }
    basis = basis.map { direction in
      (0..<columnCount).map { column in
        let power = (0..<columnCount).reduce(0) { $0 + direction[$1] * covariance[$1][column] }
        return power + 1e-6 * trace / Double(columnCount) * direction[column]
      }
    }
    for row in 0..<columnCount {
      for _ in 0..<2 {
        for other in 0..<row {
          let overlap = zip(basis[row], basis[other]).reduce(0) { $0 + $1.0 * $1.1 }
          basis[row] = zip(basis[row], basis[other]).map { $0 - overlap * $1 }
        }
        let length = basis[row].reduce(0) { $0 + $1 * $1 }.squareRoot()
        basis[row] = basis[row].map { $0 / length }
      }
    }
  }

  private func power(_ base: Double) -> Double { (0..<step).reduce(1) { power, _ in power * base } }
}
