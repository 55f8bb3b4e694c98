import CharLM
import CharLMData
import CharLMText

/// What a model makes of each document of a text.
struct DocumentFigures {
  /// A document.
  struct Document: Encodable, Sendable {
    /// Its number, from 1.
    let number: Int
    let bytes: Int
    let bits: Double
    /// Its first characters.
    let beginning: String

    var bitsPerByte: Double { bits / Double(bytes) }

    private enum CodingKeys: String, CodingKey { case number, bytes, bits, bitsPerByte, beginning }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(number, forKey: .number)
      try container.encode(bytes, forKey: .bytes)
      try container.encode(bits, forKey: .bits)
      try container.encode(bitsPerByte, forKey: .bitsPerByte)
      try container.encode(beginning, forKey: .beginning)
    }
  }

  let documents: [Document]

  private static let beginningSize = 200
  private static let beginningLength = 40
  private static let shownCount = 5

  /// - Parameter tokenNats: what each token has cost.
  init(_ division: TextDivision, tokenNats: [Float]) throws {
    documents = try zip(division.parts, division.bits(tokenNats)).enumerated().map {
      number, document in
      let (part, bits) = document
      let beginning = try division.beginning(of: part, byteCount: DocumentFigures.beginningSize)
      return Document(
        number: number + 1, bytes: part.byteCount, bits: bits,
        beginning: DocumentFigures.firstLine(String(decoding: beginning, as: UTF8.self)))
    }
  }

  private static func firstLine(_ text: String) -> String {
    String((text.split(whereSeparator: \.isNewline).first ?? "").prefix(beginningLength))
  }

  /// For people, each with its label: the spread, and the documents that are hardest and easiest to predict.
  var lines: [(String, String)] {
    guard !documents.isEmpty else { return [] }
    let sorted = documents.sorted { $0.bitsPerByte < $1.bitsPerByte }
    func quantile(_ part: Double) -> String {
      Quantity.fixed(sorted[Int(Double(sorted.count - 1) * part)].bitsPerByte, 4)
    }
    let spread =
      "\(Quantity.count(documents.count, "document")), half of them between \(quantile(0.25)) and \(quantile(0.75)) "
      + "bits per byte, the middle \(quantile(0.5))"
    let count = min(DocumentFigures.shownCount, sorted.count / 2)
    return [("spread", spread)] + list("hardest", sorted.suffix(count).reversed())
      + list("easiest", Array(sorted.prefix(count)))
  }

  private func list(_ label: String, _ documents: [Document]) -> [(String, String)] {
    documents.enumerated().map { place, document in
      (
        place == 0 ? label : "",
        "\(Quantity.fixed(document.bitsPerByte, 4)), document \(document.number), "
          + "\(Quantity.count(document.bytes, "byte")): '\(VisibleText.line(document.beginning))'"
      )
    }
  }
}
