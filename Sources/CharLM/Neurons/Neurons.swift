import CharLMData
import CharLMText
import RecurrentNN

/// A unit of a network.
public struct NetworkUnit: Hashable, Sendable {
  /// Its layer, from 0.
  public let layer: Int
  /// Its number in the layer, from 0.
  public let number: Int

  /// A unit.
  public init(layer: Int, number: Int) { (self.layer, self.number) = (layer, number) }
}

/// What the units of a network keep track of in a text: their correlation with quantities that can be told (Karpathy,
/// Johnson and Li, "Visualizing and understanding recurrent networks", 2015), and how often their gates are saturated.
///
///     let neurons = try Neurons(model, text)
///     for finding in neurons.trackers(of: .insideQuotes).prefix(3) { print(finding.unit, finding.correlation) }
public struct Neurons: Sendable {
  /// How a unit goes with a quantity.
  public struct Finding: Hashable, Sendable {
    /// The unit.
    public let unit: NetworkUnit
    /// The quantity.
    public let quantity: TextQuantity
    /// Pearson's correlation of its activation with it, −1 to 1.
    public let correlation: Double
  }

  /// How often a unit's gate is nearly shut or nearly open.
  public struct Saturation: Hashable, Sendable {
    /// The gate, as in `ActivationReader.gateNames`.
    public let gate: String
    /// The share of tokens at which it is below 0.1.
    public let shut: Double
    /// The share of tokens at which it is above 0.9.
    public let open: Double
  }

  /// The number of layers.
  public let layerCount: Int
  /// The number of units in a layer.
  public let unitCount: Int
  /// The number of tokens that were read.
  public let tokenCount: Int
  /// The quantities that vary in the text, so that something can go with them.
  public let quantities: [TextQuantity]
  private let gateNames: [String]
  private let correlations: [[Double]]  // by unit of all layers, then quantity of `TextQuantity.allCases`
  private let largest: [Float]  // by unit of all layers
  private let shut: [Int]  // by layer, gate, unit
  private let open: [Int]

  /// Reads a text with a model, from the zero state.
  /// - Parameters:
  ///   - text: encoded with this model's tokenizer.
  ///   - observe: is told how many tokens were read; what it throws ends the reading.
  /// - Throws: `TokenFileError` where tokens lie in a file that cannot be read.
  /// - Complexity: O(tokens · units · quantities).
  public init(_ model: LanguageModel, _ text: PlacedText, observe: (Int) throws -> Void = { _ in }) throws {
    let reader = ActivationReader(model, text.evaluation.tokens)
    var quantities = TokenQuantities(text)
    var sums = CorrelationSums(
      rowCount: reader.layerCount * reader.unitCount, columnCount: TextQuantity.allCases.count)
    var gates = GateCounts(count: reader.layerCount * reader.gateNames.count * reader.unitCount)
    while let chunk = try reader.next() {
      let values = chunk.tokens.map { quantities.next($0) }
      sums.add(chunk.activations, width: reader.unitCount, values)
      gates.add(chunk.gates, width: reader.gateNames.count * reader.unitCount, tokenCount: chunk.tokens.count)
      try observe(chunk.start + chunk.tokens.count)
    }
    (layerCount, unitCount, gateNames) = (reader.layerCount, reader.unitCount, reader.gateNames)
    tokenCount = text.evaluation.tokens.count
    (correlations, largest) = (sums.correlations, sums.largest)
    self.quantities = TextQuantity.allCases.enumerated().filter { sums.varies(column: $0.offset) }.map(\.element)
    (shut, open) = (gates.shut, gates.open)
  }

  /// All units, layer by layer.
  public var units: [NetworkUnit] {
    (0..<layerCount).flatMap { layer in (0..<unitCount).map { NetworkUnit(layer: layer, number: $0) } }
  }

  /// How a unit goes with a quantity; 0 where one of the two never changes.
  public func correlation(of unit: NetworkUnit, with quantity: TextQuantity) -> Double {
    let place = TextQuantity.allCases.firstIndex(of: quantity) ?? 0
    return correlations[unit.layer * unitCount + unit.number][place]
  }

  /// The largest magnitude that a unit's activation had.
  public func largest(of unit: NetworkUnit) -> Float { largest[unit.layer * unitCount + unit.number] }

  /// What a unit goes with best; nil where no quantity varies.
  public func best(of unit: NetworkUnit) -> Finding? {
    quantities.map { Finding(unit: unit, quantity: $0, correlation: correlation(of: unit, with: $0)) }
      .max { abs($0.correlation) < abs($1.correlation) }
  }

  /// The units that go with a quantity, the best first.
  public func trackers(of quantity: TextQuantity) -> [Finding] {
    units.map { Finding(unit: $0, quantity: quantity, correlation: correlation(of: $0, with: quantity)) }
      .sorted { abs($0.correlation) > abs($1.correlation) }
  }

  /// The best units: the best ones of each quantity in turn, until there are enough.
  public func best(_ count: Int) -> [NetworkUnit] {
    var chosen: [NetworkUnit] = []
    var seen: Set<NetworkUnit> = []
    let ranked = quantities.map { trackers(of: $0) }
    for place in 0..<layerCount * unitCount {
      for findings in ranked where chosen.count < count && seen.insert(findings[place].unit).inserted {
        chosen.append(findings[place].unit)
      }
      if chosen.count == count { break }
    }
    return chosen
  }

  /// How often the gates of a unit are saturated.
  public func saturation(of unit: NetworkUnit) -> [Saturation] {
    gateNames.enumerated().map { gate, name in
      let place = (unit.layer * gateNames.count + gate) * unitCount + unit.number
      return Saturation(
        gate: name, shut: Double(shut[place]) / Double(tokenCount), open: Double(open[place]) / Double(tokenCount))
    }
  }

  /// How often the gates of a layer are saturated, all units together.
  public func saturation(ofLayer layer: Int) -> [Saturation] {
    gateNames.enumerated().map { gate, name in
      let places = (layer * gateNames.count + gate) * unitCount..<(layer * gateNames.count + gate + 1) * unitCount
      let count = Double(tokenCount) * Double(unitCount)
      return Saturation(
        gate: name, shut: Double(shut[places].reduce(0, +)) / count, open: Double(open[places].reduce(0, +)) / count)
    }
  }
}

/// The quantities after each token of a text.
struct TokenQuantities {
  private let scalars: [Unicode.Scalar]
  /// How many bytes of the text the scalars so far have.
  private var byteCount = 0
  private var readCount = 0
  private var reader = QuantityReader()
  private var places: PlacedText.Places

  init(_ text: PlacedText) {
    scalars = Array(String(decoding: text.utf8, as: UTF8.self).unicodeScalars)
    places = text.places
  }

  /// The values after the next token.
  mutating func next(_ token: TokenID) -> [Float] {
    let end = places.next(token).upperBound
    while readCount < scalars.count, byteCount < end {
      let following = readCount + 1 < scalars.count ? scalars[readCount + 1] : nil
      reader.read(scalars[readCount], before: following)
      byteCount += UTF8.width(scalars[readCount])
      readCount += 1
    }
    return reader.values
  }
}
