import CharLMText

/// A binary tree whose leaves are the tokens of a vocabulary: it turns the choice of a token into a few choices between
/// two, so that probabilities of the two sides, whatever they are, make probabilities of tokens that sum to one.
///
///                 node 0
///            0 ─┘        └─ 1
///          node 1        node 3        a token's way: node 0 right, node 3 left
///          ┘    └        ┘    └
///         a    node 2   c      d
///
/// It is alphabetic: leaves stand in the order of the tokens' numbers, and each node is cut where the halves weigh most
/// nearly the same. A token with the share p of the weight lies about log₂ 1/p + 1 deep, little deeper than in Huffman's
/// tree, and neighbours in the vocabulary, which are alike (capitals, digits), share most of their way: on tiny
/// Shakespeare that is worth 1.5 % over Huffman's. Nodes are numbered so that a parent comes before its children.
///
/// Weights that differ more than those of any text would make a tree as deep as it has tokens: below `weighedDepth` nodes
/// are cut in the middle, whatever they weigh.
struct TokenTree: Sendable {
  /// A choice on the way to a token.
  struct Step: Sendable {
    let node: Int32
    /// 0 for the first side, 1 for the second.
    let bit: UInt8
  }

  /// What one side of a node leads to: another node, or a token as its complement (~token), which is negative.
  typealias Child = Int32

  private static let weighedDepth = 64

  private(set) var children: [(Child, Child)] = []
  /// Nodes lie in groups of three levels, whose statistics share a cache line: the node that begins the group, and the
  /// place in it, 1 for that node, 2 and 3 for its children, 4 to 7 for theirs.
  private(set) var groups: [Int32] = []
  private(set) var places: [UInt8] = []
  private(set) var depths: [UInt8] = []
  private var steps: [Step] = []
  /// Where the steps of each token begin in `steps`, and where those of the last end.
  private var starts: [Int32] = [0]

  var nodeCount: Int { children.count }
  var tokenCount: Int { starts.count - 1 }

  /// - Parameter weights: of each token, positive.
  init(weights: [Double]) {
    precondition(!weights.isEmpty && weights.allSatisfy { $0 > 0 }, "a tree of tokens without weight")
    var sums = [0.0]
    for weight in weights { sums.append(sums[sums.count - 1] + weight) }
    var way: [Step] = []
    _ = grow(0..<weights.count, sums, &way)
    groups = Array(repeating: 0, count: nodeCount)
    places = Array(repeating: 0, count: nodeCount)
    if nodeCount > 0 { group(node: 0, with: 0, place: 1) }
  }

  /// The choices that lead to a token, from the root on.
  func way(to token: TokenID) -> ArraySlice<Step> { steps[Int(starts[Int(token)])..<Int(starts[Int(token) + 1])] }

  /// The number of choices that lead to a token.
  func depth(of token: TokenID) -> Int { Int(starts[Int(token) + 1] - starts[Int(token)]) }

  /// Which side of a node a token is on; nil where the node is not on its way.
  @inline(__always)
  func side(of token: TokenID, at node: Int) -> Int? {
    let place = Int(starts[Int(token)]) + Int(depths[node])
    guard place < Int(starts[Int(token) + 1]), steps[place].node == Int32(truncatingIfNeeded: node) else { return nil }
    return Int(steps[place].bit)
  }

  private mutating func grow(_ tokens: Range<Int>, _ sums: [Double], _ way: inout [Step]) -> Child {
    guard tokens.count > 1 else {
      steps += way
      starts.append(Int32(steps.count))
      return ~Int32(tokens.lowerBound)
    }
    let node = nodeCount
    children.append((0, 0))
    depths.append(UInt8(clamping: way.count))
    let cut =
      way.count < TokenTree.weighedDepth
      ? TokenTree.cut(tokens, sums) : (tokens.lowerBound + tokens.upperBound) / 2
    way.append(Step(node: Int32(node), bit: 0))
    let first = grow(tokens.lowerBound..<cut, sums, &way)
    way[way.count - 1] = Step(node: Int32(node), bit: 1)
    let second = grow(cut..<tokens.upperBound, sums, &way)
    way.removeLast()
    children[node] = (first, second)
    return Int32(node)
  }

  /// Where the two sides weigh most nearly the same; neither is empty.
  private static func cut(_ tokens: Range<Int>, _ sums: [Double]) -> Int {
    let middle = (sums[tokens.lowerBound] + sums[tokens.upperBound]) / 2
    var (low, high) = (tokens.lowerBound + 1, tokens.upperBound - 1)
    while low < high {
      let between = (low + high) / 2
      if sums[between] < middle { low = between + 1 } else { high = between }
    }
    let isEarlierNearer = low > tokens.lowerBound + 1 && middle - sums[low - 1] <= sums[low] - middle
    return isEarlierNearer ? low - 1 : low
  }

  private mutating func group(node: Int, with first: Int, place: Int) {
    groups[node] = Int32(first)
    places[node] = UInt8(place)
    for (side, child) in [children[node].0, children[node].1].enumerated() where child >= 0 {
      if place < 4 {
        group(node: Int(child), with: first, place: 2 * place + side)
      } else {
        group(node: Int(child), with: Int(child), place: 1)
      }
    }
  }
}
