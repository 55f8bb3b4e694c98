/// What the parameters of a network are called: as the members of an `nn.Module` would be in PyTorch.
package enum ParameterName {
  /// The embedding's weight (V, E).
  package static let embedding = "embedding.weight"
  /// The decoder's weight (V, D·H); not there where the decoder is tied.
  package static let decoderWeight = "decoder.weight"
  /// The decoder's bias (V).
  package static let decoderBias = "decoder.bias"
  /// What the names of the recurrent layers' parameters begin with.
  package static let recurrentPrefix = "rnn."

  /// The weight that the decoder multiplies with.
  package static func decoderWeight(tied: Bool) -> String { tied ? embedding : decoderWeight }
}
