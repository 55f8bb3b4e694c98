import CharLM
import CharLMData
import CharLMFiles
import CharLMText

/// A text and the activations of some units over it, in the form in which a page holds them: a byte for each cell and unit.
package struct UnitText {
  /// So many activations are shown at most, so that a page stays below 2 MB: the more units, the less text.
  package static let limit = 1_000_000
  /// So many bytes of a text are shown at most.
  package static let longestText = 100_000

  /// The units, in the order of the page.
  package let units: [NetworkUnit]
  /// Whether the text has more than what is shown.
  package private(set) var isCut = false
  /// How many bytes of the text are shown.
  package private(set) var shownByteCount = 0

  private let text: PlacedText
  private let neurons: Neurons
  private var borders: GraphemeBorders
  private var cells = PageCells()
  private var codes = PackedBytes()

  /// A text of which nothing is shown yet.
  package init(_ text: PlacedText, _ neurons: Neurons, units: [NetworkUnit]) {
    (self.text, self.neurons, self.units) = (text, neurons, units)
    borders = GraphemeBorders(text, limit: UnitText.longestText)
  }

  /// Reads the text again, as far as it is shown.
  package mutating func read(_ model: LanguageModel) throws(TokenFileError) {
    let reader = ActivationReader(model, text.evaluation.tokens)
    var places = text.places
    while let chunk = try reader.next() {
      for (row, token) in chunk.tokens.enumerated() {
        let range = places.next(token)
        if cells.count * units.count + units.count > UnitText.limit || range.upperBound > UnitText.longestText {
          isCut = true
          return
        }
        guard !range.isEmpty, borders.contains(range.upperBound) else { continue }
        let cellCount = cells.append(text.utf8[shownByteCount..<range.upperBound])
        shownByteCount = range.upperBound
        for _ in 0..<cellCount {
          for unit in units {
            append(chunk.activations[unit.layer][row * neurons.unitCount + unit.number], of: unit)
          }
        }
      }
    }
  }

  /// −1 to 1 as 0 to 254; of a unit that exceeds 1, as with ReLU and in an LSTM it may, parts of its largest.
  private mutating func append(_ activation: Float, of unit: NetworkUnit) {
    let scaled = activation / max(1, neurons.largest(of: unit))
    codes.append(UInt8(nearest: scaled * 127 + 127, upTo: 254))
  }

  private struct PageData: Encodable {
    let text: String
    let lengths: String
    let activations: String
    let units: [UnitData]
    let quantities: [String]
  }

  private struct UnitData: Encodable {
    let name: String
    /// By quantity.
    let correlations: [Double]
    /// Where colors are parts of its largest magnitude, that; and how often its gates are saturated.
    let notes: [String]
  }

  /// The data for the page's script, as JSON.
  package var json: String {
    let described = units.map { unit in
      UnitData(
        name: unit.name,
        correlations: neurons.quantities.map { (neurons.correlation(of: unit, with: $0) * 1000).rounded() / 1000 },
        notes: scale(of: unit) + neurons.saturation(of: unit).map(\.phrase))
    }
    return SnakeCaseJSON.text(
      PageData(
        text: cells.text, lengths: cells.lengths.base64, activations: codes.base64, units: described,
        quantities: neurons.quantities.map(\.name)))
  }
}

extension UnitText {
  private func scale(of unit: NetworkUnit) -> [String] {
    let tenths = (neurons.largest(of: unit) * 10).rounded()
    return tenths > 10 ? ["1 is \(tenths / 10), its largest activation"] : []
  }
}

extension NetworkUnit {
  /// For people: both numbers from 1.
  package var name: String { "layer \(layer + 1), unit \(number + 1)" }
}

extension Neurons.Saturation {
  /// "forget gate shut 3 %, open 41 %".
  package var phrase: String {
    func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
    return "\(gate) gate shut \(percent(shut)), open \(percent(open)) of the time"
  }
}
