import CharLMFiles
import CharLMText
import RecurrentNN

/// How a text was compressed: all that a decoder must know before the first block.
public struct CompressedTextHeader: Hashable, Sendable {
  /// A model or a dictionary, which is not in the file, but needed to decompress it.
  public struct Requirement: Hashable, Sendable {
    /// Its `LanguageModel.identity` or `CompressionDictionary.identity`.
    public let identity: [UInt8]
    /// The name that it had, for messages.
    public let name: String
  }

  /// The arithmetic whose every bit decompression must repeat, such as "exact int8" or "float32 avx512".
  public let arithmetic: String
  /// nil where the text was compressed without a model.
  public let model: Requirement?
  /// nil where the text was compressed without a dictionary.
  public let dictionary: Requirement?
  /// The memory of the counts; nil where there are none.
  let countsSize: ContextMixerSize?
  /// The tokens of counts that have neither a model nor a dictionary, whose tokens they would take.
  let alphabet: TextAlphabet?
  /// How the model learns while it reads; nil where it does not.
  let rates: DynamicRates?

  /// Whether counts that adapt are mixed in.
  public var usesCounts: Bool { countsSize != nil }
  /// Whether the model goes on learning.
  public var isDynamic: Bool { rates != nil }

  /// The version that is written, and the only one that is read.
  static let version: UInt8 = 2
  /// Before anything else. A byte that is no text, the name, and an end of line, which careless copying changes.
  static let magic: [UInt8] = [0x89] + Array("charlm\n".utf8)
  /// The magic, the version and the size of the rest.
  static let startSize = magic.count + 1 + 4
  /// More bytes than the rest has.
  static let largestSize = 1 << 20

  init(
    arithmetic: String, model: Requirement?, dictionary: Requirement? = nil, countsSize: ContextMixerSize?,
    alphabet: TextAlphabet?, rates: DynamicRates?
  ) {
    (self.arithmetic, self.model, self.dictionary) = (arithmetic, model, dictionary)
    (self.countsSize, self.alphabet, self.rates) = (countsSize, alphabet, rates)
  }

  private static let hasModel: UInt8 = 1
  private static let hasCounts: UInt8 = 2
  private static let hasRates: UInt8 = 4
  private static let hasDictionary: UInt8 = 8

  /// The bytes that a file begins with, but for the check that follows.
  var encoded: [UInt8] {
    var body = BytesWriter()
    body.append(
      number: (model == nil ? 0 : Self.hasModel) | (usesCounts ? Self.hasCounts : 0)
        | (isDynamic ? Self.hasRates : 0) | (dictionary == nil ? 0 : Self.hasDictionary))
    body.append(short: arithmetic)
    for needed in [model, dictionary].compactMap(\.self) {
      body.append(needed.identity)
      body.append(short: needed.name)
    }
    if let countsSize { body.append(countsSize.exponents) }
    if let alphabet {
      let plain = alphabet.encoded
      body.append(number: UInt32(plain.count))
      let coded = PlainBytes.encoded(plain)
      body.append(number: UInt32(coded.count))
      body.append(coded)
    }
    if let rates {
      body.append(number: rates.learningRate.bitPattern)
      body.append(number: rates.decay.bitPattern)
    }
    var whole = BytesWriter()
    whole.append(Self.magic)
    whole.append(number: Self.version)
    whole.append(number: UInt32(body.bytes.count))
    whole.append(body.bytes)
    return whole.bytes
  }

  /// Reads what follows `startSize`; nil where it breaks a rule.
  init?(body: ArraySlice<UInt8>) {
    var reader = BytesReader(body)
    guard let parts = reader.number(UInt8.self), let arithmetic = reader.short() else { return nil }
    func has(_ part: UInt8) -> Bool { parts & part != 0 }
    let (hasModel, hasCounts, hasRates) = (has(Self.hasModel), has(Self.hasCounts), has(Self.hasRates))
    // Counts read the dictionary.
    guard parts < 16, hasModel || (hasCounts && !hasRates), hasCounts || !has(Self.hasDictionary) else { return nil }
    var needed: [UInt8: Requirement] = [:]
    for part in [Self.hasModel, Self.hasDictionary] where has(part) {
      guard let identity = reader.take(32), let name = reader.short() else { return nil }
      needed[part] = Requirement(identity: Array(identity), name: name)
    }
    var size: ContextMixerSize?
    if hasCounts {
      guard let found = reader.take(3).flatMap(ContextMixerSize.init(exponents:)) else { return nil }
      size = found
    }
    var alphabet: TextAlphabet?
    if !hasModel, !has(Self.hasDictionary) {
      guard let count = reader.number(UInt32.self), let codedCount = reader.number(UInt32.self),
        count <= TextAlphabet.largestEncoding, let coded = reader.take(Int(codedCount)),
        let found = TextAlphabet(encoded: PlainBytes.decoded(coded, count: Int(count)))
      else { return nil }
      alphabet = found
    }
    var rates: DynamicRates?
    if hasRates {
      guard let rate = reader.number(UInt32.self).map(Float.init(bitPattern:)),
        let decay = reader.number(UInt32.self).map(Float.init(bitPattern:)),
        rate.isFinite, rate >= 0, decay >= 0, decay <= 1
      else { return nil }
      rates = DynamicRates(learningRate: rate, decay: decay)
    }
    guard reader.isAtEnd else { return nil }
    self.init(
      arithmetic: arithmetic, model: needed[Self.hasModel], dictionary: needed[Self.hasDictionary], countsSize: size,
      alphabet: alphabet, rates: rates)
  }
}

extension ContextMixerSize {
  /// The sizes, which are powers of two, as a byte each.
  fileprivate var exponents: [UInt8] {
    [entryCount, recentCount, refinementCount].map { UInt8($0.trailingZeroBitCount) }
  }

  /// nil where a size is beyond the limits of `init(tokenCount:)`.
  fileprivate init?(exponents: ArraySlice<UInt8>) {
    let limits: [ClosedRange<UInt8>] = [14...23, 12...21, 8...14]
    guard exponents.count == 3, zip(exponents, limits).allSatisfy({ $1.contains($0) }) else { return nil }
    let sizes = exponents.map { 1 << Int($0) }
    self.init(entryCount: sizes[0], recentCount: sizes[1], refinementCount: sizes[2])
  }
}
