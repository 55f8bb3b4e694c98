import CharLMText
import RecurrentNN

extension LanguageModel: NetworkPredictor {
  package var snapshots: [ModelSnapshot] { [snapshot] }

  /// The token that a sample without a seed begins from: the document token, else a newline, else the commonest token,
  /// which is the one that the decoder's bias favours.
  public var startToken: TokenID {
    let vocabulary = tokenizer.vocabulary
    if let start = vocabulary.textStart { return start }
    let bias = snapshot.values(named: ParameterName.decoderBias)
    let ordinary = bias.indices.filter { $0 != vocabulary.unknownID.map(Int.init) }
    return TokenID(ordinary.max { bias[$0] < bias[$1] } ?? 0)
  }

  /// The separator of the corpus that it was trained on; nil where each file was a document.
  public var documentSeparator: String? { snapshot.training.corpus.documentSeparator }

  /// A stream at the zero state.
  public func makeStream(_ options: StreamOptions) -> NetworkStream { NetworkStream(snapshots, options) }
}
