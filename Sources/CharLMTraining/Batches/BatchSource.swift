import CharLM
import CharLMData

/// Gives a run its chunks, one for each step.
///
/// A chunk is a function of the step's number alone, so that a resumed run continues with the chunk that would
/// have come next.
package protocol BatchSource {
  /// The rows of a step over all shards, and the most time steps of a chunk.
  var batchSize: Int { get }
  var timeStepCapacity: Int { get }
  /// Steps that see each token of the training text once; a fraction for streams.
  var stepsPerEpoch: Double { get }
  /// The learning rate's factor for a step: a shorter chunk than usual moves the parameters less.
  func rateFactor(step: Int) -> Float
  /// Whether a chunk continues where the one before it ended, so that the state is carried.
  var carriesState: Bool { get }

  /// Sets every shard's walk, tokens and targets for a step.
  /// - Returns: the number of targets over all shards.
  /// - Throws: `TokenFileError` where the tokens lie in a file that cannot be read.
  func fill(_ shards: [NetworkShard], step: Int) throws(TokenFileError) -> Int
}
