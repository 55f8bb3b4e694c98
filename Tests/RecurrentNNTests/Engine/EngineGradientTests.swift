import TestSupport
import Testing

@Suite struct EngineGradientTests {
  @Test("a stack gives the reference's outputs, final states and gradients", arguments: EngineCase.all)
  func stack(_ example: EngineCase) {
    let problem = example.problem()
    let differences = problem.solvedByStack().differences(
      from: problem.solvedByReference(), values: example.tolerance, gradients: 10 * example.tolerance)
    #expect(differences.isEmpty, "\(example.testDescription)")
  }

  @Test(
    "gradients that reach the final states go through all layers", arguments: EngineCase.all.filter { !$0.hasTable })
  func finalStates(_ example: EngineCase) {
    let problem = example.problem(hasFinalGradients: true)
    let differences = problem.solvedByDirections().differences(
      from: problem.solvedByReference(), values: example.tolerance, gradients: 10 * example.tolerance)
    #expect(differences.isEmpty, "\(example.testDescription)")
  }

  @Test("gradients are the slopes of the reference's objective", arguments: EngineCase.largest)
  func centralDifferences(_ example: EngineCase) {
    let problem = example.problem(hasFinalGradients: true)
    let answer = problem.solvedByDirections()
    var random = RandomValues(seed: 7)
    for (name, gradient) in answer.gradients.sorted(by: { $0.key < $1.key }) {
      let direction = random.floats(gradient.count).map { Double($0) }
      let slope = zip(gradient, direction).reduce(0) { $0 + Double($1.0) * $1.1 }
      // A step whose error is about its square, 1e-10, and the rounding of a sum of some hundred, 1e-14, over it.
      let step = 1e-5
      let above = problem.objectiveOfReference(moving: name, by: direction.map { $0 * step })
      let below = problem.objectiveOfReference(moving: name, by: direction.map { -$0 * step })
      let expected = (above - below) / (2 * step)
      #expect(abs(slope - expected) <= 1e-4 * max(abs(expected), 0.1), "\(name) of \(example.testDescription)")
    }
  }
}
