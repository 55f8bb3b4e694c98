import CharLMText
import Foundation
import RecurrentNN
import Testing

@testable import CharLM

@Suite("Trees of tokens") struct TokenTreeTests {
  private static let weights: [[Double]] = {
    var random = SeededGenerator(seed: 4)
    return [[1], [1, 1], [1, 100, 1], [5, 4, 3, 2, 1]]
      + [17, 200, 3000].map { count in (0..<count).map { _ in exp(6 * Double(random.uniform())) } }
  }()

  @Test("each token has its way, no deeper than its weight asks for", arguments: weights)
  func ways(_ weights: [Double]) {
    let tree = TokenTree(weights: weights)
    let total = weights.reduce(0, +)
    #expect(tree.tokenCount == weights.count && tree.nodeCount == weights.count - 1)
    for token in weights.indices {
      var child: Int32 = tree.nodeCount > 0 ? 0 : ~0
      for (depth, step) in tree.way(to: TokenID(token)).enumerated() {
        let node = Int(step.node)
        #expect(child == step.node && Int(tree.depths[node]) == depth, "token \(token)")
        #expect(tree.side(of: TokenID(token), at: node) == Int(step.bit), "token \(token)")
        child = step.bit == 0 ? tree.children[node].0 : tree.children[node].1
      }
      #expect(child == ~Int32(token))
      #expect(Double(tree.depth(of: TokenID(token))) <= log2(total / weights[token]) + 2.5, "token \(token)")
    }
  }

  @Test("a node that is not on a token's way has no side for it")
  func sides() {
    let tree = TokenTree(weights: [1, 1, 1, 1])
    for token in 0..<TokenID(4) {
      let way = Set(tree.way(to: token).map(\.node))
      for node in 0..<3 { #expect((tree.side(of: token, at: node) != nil) == way.contains(Int32(node))) }
    }
  }

  @Test("children come after their parents, and nodes of a group have places of their own", arguments: weights)
  func groups(_ weights: [Double]) {
    let tree = TokenTree(weights: weights)
    var taken: Set<[Int]> = []
    for node in 0..<tree.nodeCount {
      #expect((1...7).contains(tree.places[node]))
      #expect(taken.insert([Int(tree.groups[node]), Int(tree.places[node])]).inserted, "node \(node)")
      for child in [tree.children[node].0, tree.children[node].1] where child >= 0 { #expect(child > node) }
    }
  }

  @Test("what another predictor says at the nodes multiplies to what it says of the tokens")
  func masses() {
    let logits: [Float] = [0, 1, -2, 3.5, -60, 0.25, -1, 2]
    let tree = TokenTree(weights: [1, 2, 3, 4, 5, 6, 7, 8])
    var masses = TreeMasses(tree)
    masses.set(logits.span)
    let sum = logits.reduce(0) { $0 + exp(Double($1)) }
    for token in logits.indices where logits[token] > -10 {
      let product = tree.way(to: TokenID(token)).reduce(1.0) { product, step in
        let second = 1 / (1 + exp(-Double(masses.stretched(Int(step.node)))))
        return product * (step.bit == 1 ? second : 1 - second)
      }
      // Opinions are cut at 6e-6 from certainty.
      #expect(abs(product - exp(Double(logits[token])) / sum) < 2e-5, "token \(token)")
    }
  }

  @Test("weights that no text has make no tree that is as deep as it has tokens")
  func hostileWeights() {
    // The large ones exhaust the digits of a sum, so that the small ones weigh nothing in it.
    let weights = [Double](repeating: 0x1p40, count: 3000) + [Double](repeating: 0x1p-20, count: 20_000)
    let tree = TokenTree(weights: weights)
    let depths = weights.indices.map { tree.depth(of: TokenID($0)) }
    #expect(depths.max() ?? 0 <= 64 + 15)
    for token in [0, 2999, 3000, 22_999] as [TokenID] {
      for step in tree.way(to: token) { #expect(tree.side(of: token, at: Int(step.node)) == Int(step.bit)) }
    }
  }
}
