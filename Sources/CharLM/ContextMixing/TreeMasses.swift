/// A distribution over tokens as the choices of a tree: what another predictor says at each node.
struct TreeMasses: Sendable {
  private let tree: TokenTree
  private var tokens: [Double]
  private var nodes: [Double]

  /// Opinions are within ± this: what is less likely than 6e-6 there is left to those that have seen it.
  private static let limit = 12.0

  init(_ tree: TokenTree) {
    self.tree = tree
    tokens = Array(repeating: 0, count: tree.tokenCount)
    nodes = Array(repeating: 0, count: tree.nodeCount)
  }

  /// Takes the softmax of logits, (V).
  /// - Complexity: O(V).
  mutating func set(_ logits: Span<Float>) {
    var largest = -Float.infinity
    for token in logits.indices { largest = max(largest, logits[token]) }
    for token in logits.indices { tokens[token] = Portable.exponential(Double(logits[token]) - Double(largest)) }
    // Children have higher numbers than their parents.
    for node in stride(from: tree.nodeCount - 1, through: 0, by: -1) {
      nodes[node] = mass(tree.children[node].0) + mass(tree.children[node].1)
    }
  }

  @inline(__always)
  private func mass(_ child: TokenTree.Child) -> Double { child < 0 ? tokens[Int(~child)] : nodes[Int(child)] }

  /// log p / (1 − p) of a node's second side.
  func stretched(_ node: Int) -> Float {
    let (first, second) = (mass(tree.children[node].0), mass(tree.children[node].1))
    guard first > 0 || second > 0 else { return 0 }
    if first == 0 || second == 0 { return Float(first == 0 ? TreeMasses.limit : -TreeMasses.limit) }
    let stretched = Portable.logarithm(second) - Portable.logarithm(first)
    return Float(min(max(stretched, -TreeMasses.limit), TreeMasses.limit))
  }
}
