import CharLMText
import RecurrentNN

/// What a predictor says of the choices on the way to each of some tokens: 4 bytes a choice.
///
/// It may be told in any order, and by several threads at the same time.
struct TreeOpinions {
  private let tree: TokenTree
  private let tokens: [TokenID]
  /// Where the choices on the way to each token begin.
  private let starts: [Int]
  private let opinions: Buffer<Float>

  /// - Parameter tokens: those that are predicted.
  init(_ tree: TokenTree, of tokens: [TokenID]) {
    (self.tree, self.tokens) = (tree, tokens)
    var starts = [0]
    starts.reserveCapacity(tokens.count + 1)
    for token in tokens { starts.append(starts[starts.count - 1] + tree.depth(of: token)) }
    self.starts = starts
    opinions = Buffer(count: starts[starts.count - 1])
  }

  /// Takes the logits of a prediction.
  func set(_ number: Int, _ logits: Span<Float>) {
    var masses = TreeMasses(tree)
    masses.set(logits)
    for (place, step) in tree.way(to: tokens[number]).enumerated() {
      opinions.view[starts[number] + place] = masses.stretched(Int(step.node))
    }
  }

  /// The opinions on the way to a token, from the root on: log p / (1 − p) of each choice's second side.
  func way(to number: Int) -> View<Float> { opinions.view[starts[number]..<starts[number + 1]] }
}
