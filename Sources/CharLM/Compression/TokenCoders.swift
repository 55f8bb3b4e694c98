import CharLMText
import RecurrentNN

/// Codes one token after another, each by what is expected after those before it.
protocol TokenCoder {
  /// Encodes a token and reads it.
  mutating func encode(_ token: TokenID, _ encoder: inout RangeEncoder)
  /// Decodes a token and reads it.
  mutating func decode(_ decoder: inout RangeDecoder) -> TokenID
}

/// Codes by counts: choice by choice.
struct CountsCoder: TokenCoder {
  var stream: AdaptiveCountsStream

  mutating func encode(_ token: TokenID, _ encoder: inout RangeEncoder) {
    let way = stream.mixer.tree.way(to: token)
    _ = stream.walk(outside: { _, _ in nil }) { encoder.encode(way, $0, $1) }
  }

  mutating func decode(_ decoder: inout RangeDecoder) -> TokenID {
    stream.walk(outside: { _, _ in nil }) { decoder.decode(probabilityOfOne: $1) }
  }
}

/// Codes by a predictor and counts together: choice by choice.
struct MixtureCoder<Base: PredictorStream>: TokenCoder {
  var stream: MixtureStream<Base>
  let tree: TokenTree

  /// - Parameter start: the token that the text begins after.
  init(_ base: Base, _ counts: AdaptiveCountsStream, after start: TokenID) {
    tree = counts.mixer.tree
    stream = MixtureStream(base, counts, isLearning: true)
    stream.begin(after: start)
  }

  mutating func encode(_ token: TokenID, _ encoder: inout RangeEncoder) {
    let way = tree.way(to: token)
    _ = stream.walk { encoder.encode(way, $0, $1) }
  }

  mutating func decode(_ decoder: inout RangeDecoder) -> TokenID {
    stream.walk { decoder.decode(probabilityOfOne: $1) }
  }
}

/// Codes by a predictor alone: a token at once, by the whole distribution.
struct PredictorCoder<Stream: PredictorStream>: TokenCoder {
  var stream: Stream
  private let frequencies: TokenFrequencies

  /// - Parameter start: the token that the text begins after.
  init(_ stream: Stream, vocabularyCount: Int, after start: TokenID) {
    self.stream = stream
    frequencies = TokenFrequencies(count: vocabularyCount)
    self.stream.read(start)
  }

  mutating func encode(_ token: TokenID, _ encoder: inout RangeEncoder) {
    stream.withLogits { frequencies.set($0) }
    frequencies.encode(token, &encoder)
    stream.read(token)
  }

  mutating func decode(_ decoder: inout RangeDecoder) -> TokenID {
    stream.withLogits { frequencies.set($0) }
    let token = frequencies.decode(&decoder)
    stream.read(token)
    return token
  }
}

extension RangeEncoder {
  /// Takes the choice of this number on a token's way.
  @inline(__always)
  fileprivate mutating func encode(
    _ way: ArraySlice<TokenTree.Step>, _ depth: Int, _ probabilityOfOne: Float
  ) -> UInt8 {
    let bit = way[way.startIndex + depth].bit
    encode(bit, probabilityOfOne: probabilityOfOne)
    return bit
  }
}
