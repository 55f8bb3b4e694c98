import CharLM
@testable import CharLMTraining
import RecurrentNN
import TestSupport
import Testing

@Suite struct NetworkGradientTests {
  static let models =
    [false, true].flatMap { isTied in
      [(CellKind.lstm, Nonlinearity.tanh), (.gru, .tanh), (.rnn, .tanh), (.rnn, .relu)].map { cell, nonlinearity in
        NetworkSettings(
          cell: cell, nonlinearity: nonlinearity, layers: 2, hidden: 9, embedding: isTied ? 9 : 6, tied: isTied)
      }
    } + CellKind.allCases.map { NetworkSettings(cell: $0, layers: 2, hidden: 9, embedding: 6, layerNorm: true) }
    + [false, true].map {
      NetworkSettings(layers: 2, hidden: 9, embedding: $0 ? 9 : 6, tied: $0, mogrifierRounds: $0 ? 3 : 2)
    }

  @Test("a network's loss and gradients are the reference's in any number of shards", arguments: models, 1...3)
  func gradients(_ model: NetworkSettings, shardCount: Int) {
    let resets = [(0, 2), (1, 0), (1, 4), (3, 1)].map { Walk.Reset(step: $0.0, row: $0.1) }
    let problem = NetworkProblem(model, lengths: [4, 4, 4, 4, 4], resets: resets)
    expectReference(problem, shardCount: shardCount)
  }

  @Test("a network that reads both ways has the reference's gradients over packed sequences", arguments: 1...3)
  func bidirectional(shardCount: Int) {
    for cell in CellKind.allCases {
      let model = NetworkSettings(cell: cell, layers: 2, hidden: 5, embedding: 6, bidirectional: true)
      expectReference(NetworkProblem(model, lengths: [6, 4, 4, 2, 1]), shardCount: shardCount)
    }
  }

  private func expectReference(_ problem: NetworkProblem, shardCount: Int) {
    let shardedNetwork = problem.makeLearner(shardCount: shardCount)
    // Another chunk first, of which nothing may remain.
    NetworkProblem(problem.model, lengths: problem.tokens.map(\.count), seed: 2).fill(shardedNetwork.shards)
    _ = shardedNetwork.computeGradients(targetCount: 1, noise: nil)
    problem.fill(shardedNetwork.shards)
    let expected = problem.solvedByReference()
    let nats = shardedNetwork.computeGradients(targetCount: problem.targetCount, noise: nil).nats
    let loss = nats / Double(problem.targetCount)
    let what: (String) -> String = { "\($0), \(problem.model), \(shardCount) shards" }
    #expect(abs(loss - expected.loss) <= 1e-5 * expected.loss, "\(what("loss"))")
    for (name, gradient) in expected.gradients {
      #expect(relativeError(shardedNetwork.gradients.values(named: name), gradient) <= 1e-4, "\(what(name))")
    }
    let squares = expected.gradients.values.joined().reduce(0) { $0 + $1 * $1 }
    #expect(abs(shardedNetwork.gradientNorm() - squares.squareRoot()) <= 1e-5 * squares.squareRoot(), "\(what("norm"))")
  }

  @Test("gradients with dropout are the slopes of the loss under the same masks", arguments: [1, 3])
  func dropout(shardCount: Int) {
    // The loss is a float32 network's, good to some 1e-7; over a step of 0.02 the slope is good to 1e-4, and the
    // third derivative adds about as much. A mask that differed between the two passes would change it by a half.
    let model = NetworkSettings(cell: .gru, layers: 3, hidden: 12, embedding: 6, dropout: 0.3)
    let problem = NetworkProblem(model, lengths: [4, 4, 4, 4])
    let noise = StepNoise(seed: 4, step: 6, dropout: model.dropout)
    func nats(_ problem: NetworkProblem) -> Double {
      problem.makeLearner(shardCount: shardCount).computeGradients(targetCount: problem.targetCount, noise: noise).nats
        / Double(problem.targetCount)
    }
    let shardedNetwork = problem.makeLearner(shardCount: shardCount)
    _ = shardedNetwork.computeGradients(targetCount: problem.targetCount, noise: noise)
    problem.expectSlopes(of: nats, shardedNetwork.gradients, "\(shardCount) shards")
  }
}

extension NetworkProblem {
  /// Expects each parameter's gradient to be the slope of an objective, measured over a step of 0.02.
  func expectSlopes(of objective: (NetworkProblem) -> Double, _ gradients: ParameterStore, _ what: String) {
    var random = RandomValues(seed: 8)
    for name in parameters.keys.sorted() {
      let gradient = gradients.values(named: name)
      let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      // Mostly along the gradient, so that the slope is not small, with a part across it.
      let across = random.floats(gradient.count, bound: 1 / Float(gradient.count).squareRoot())
      let direction = zip(gradient, across).map { $0 / length + $1 }
      let slope = zip(gradient, direction).reduce(0) { $0 + Double($1.0 * $1.1) }
      let (above, below) = (moved(name, by: direction, 0.01), moved(name, by: direction, -0.01))
      let measured = (objective(above) - objective(below)) / 0.02
      #expect(abs(slope - measured) <= 0.01 * abs(measured), "\(name), \(what)")
    }
  }

  func moved(_ name: String, by direction: [Float], _ step: Float) -> NetworkProblem {
    var problem = self
    problem.parameters[name] = zip(parameters[name] ?? [], direction).map { $0 + step * $1 }
    return problem
  }
}
