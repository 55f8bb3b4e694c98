import CharLM
import CharLMText

/// A text that is to be written.
struct WritingOrder: Sendable {
  /// What it continues.
  let seed: SampleSeed
  /// The most tokens.
  let length: Int
  /// Texts that end it, before the first of them.
  let stops: [String]
  let sampling: SamplingSettings
  let randomSeed: UInt64
  /// How many of the likeliest tokens come with each; nil for no probabilities.
  let candidateCount: Int?
}

/// What was written of a text since the piece before.
struct WrittenPiece: Sendable {
  /// The number of the text among those that were asked for together.
  let index: Int
  /// Whole graphemes.
  var text = ""
  /// How many tokens were drawn.
  var tokenCount = 0
  /// These tokens, where their probabilities were asked for.
  var drawn: [DrawnToken] = []
  /// Why the text has ended; nil where it goes on.
  var end: End?
  /// The seed of the text's random numbers, where that is not known before.
  var randomSeed: UInt64?

  /// Why a text ends.
  enum End: String, CaseIterable, Sendable {
    /// A stop text came.
    case stop
    /// It has its length.
    case length
    /// It took too long.
    case time
    /// It is a text of the shape that was asked for.
    case shape
    /// No text of that shape came within the length.
    case none
  }

  /// The number of its tokens and their candidates, which is what it takes in memory.
  var size: Int { drawn.reduce(tokenCount) { $0 + $1.candidates.count } }

  /// A piece that goes on from this one.
  mutating func append(_ next: WrittenPiece) {
    text += next.text
    tokenCount += next.tokenCount
    drawn += next.drawn
    end = next.end
    randomSeed = next.randomSeed ?? randomSeed
  }
}
