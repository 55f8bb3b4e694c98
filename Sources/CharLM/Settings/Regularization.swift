/// What keeps a network from learning its text by heart, beside `NetworkSettings.dropout`: the means of AWD-LSTM (Merity,
/// Keskar and Socher 2018). Everything is off by default.
///
/// All of it acts in training alone; reading and sampling use the whole network. Every mask is a function of the run's
/// seed, the step's number and a place, so that shards, threads and a resume cannot change it.
public struct Regularization: Codable, Hashable, Sendable {
  /// Whether dropout has one mask for all time steps of a chunk, not one for each (Gal and Ghahramani 2016): a unit that
  /// is dropped is so for the whole chunk, in each stream another.
  public var isLocked = false
  /// The probability with which a token's whole vector is dropped, wherever it stands in the step; the others are scaled
  /// by 1 / (1 − p). A tied decoder keeps them all.
  public var embeddingDropout: Float = 0
  /// The probability with which an element of W_hh is dropped for a step, in every layer and direction; the others are
  /// scaled by 1 / (1 − p) (DropConnect, Wan et al. 2013).
  public var weightDrop: Float = 0
  /// α of activation regularization: α times the mean square of the last layer's outputs after dropout is added to the
  /// loss. The mean is over all rows of the step, that is, every stream's every token, and over all features.
  public var activation: Float = 0
  /// β of temporal activation regularization: β times the mean of (h_t − h_{t+1})² is added to the loss, h being the
  /// last layer's output before dropout. The mean is over all pairs of neighbouring steps of a stream within the chunk
  /// that no document's border parts, and over all features.
  public var temporal: Float = 0

  /// Nothing.
  public init() {}
}
