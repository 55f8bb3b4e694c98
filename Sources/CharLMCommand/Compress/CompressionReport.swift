import CharLM

/// What `charlm compress` and `charlm decompress` print.
struct CompressionReport: Encodable, Sendable {
  let file: String
  let output: OrNull<String>
  /// The model's name; null without one.
  let model: OrNull<String>
  /// The dictionary's name; null without one.
  let dictionary: OrNull<String>
  let mix: Bool
  let dynamic: Bool
  let arithmetic: OrNull<String>
  let bytesIn: Int
  let bytesOut: Int
  let bitsPerByte: OrNull<Double>
  let seconds: Double
  /// Of the text, compressed or not.
  let bytesPerSecond: OrNull<Double>
  private let textBytes: Int

  private enum CodingKeys: String, CodingKey {
    case file, output, model, dictionary, mix, dynamic, arithmetic, bytesIn, bytesOut, bitsPerByte, seconds
    case bytesPerSecond
  }

  /// - Parameter textBytes: the size of the text, which is one of the two sizes.
  init(
    file: String, output: String?, header: CompressedTextHeader?, bytesIn: Int, bytesOut: Int, textBytes: Int,
    seconds: Double
  ) {
    (self.file, self.output) = (file, OrNull(output))
    (model, dictionary) = (OrNull(header?.model?.name), OrNull(header?.dictionary?.name))
    (mix, dynamic) = (header?.model != nil && header?.usesCounts == true, header?.isDynamic == true)
    arithmetic = OrNull(header?.arithmetic)
    (self.bytesIn, self.bytesOut, self.seconds, self.textBytes) = (bytesIn, bytesOut, seconds, textBytes)
    let compressed = textBytes == bytesIn ? bytesOut : bytesIn
    bitsPerByte = OrNull(finite: textBytes == 0 ? nil : 8 * Double(compressed) / Double(textBytes))
    bytesPerSecond = OrNull(finite: Double(textBytes) / seconds)
  }

  /// "a.txt.charlm: 1,115,394 bytes compressed to 252,713: 1.8125 bits per byte, 104.2 KB/s; by counts that learn".
  func text(name: String, verb: String) -> String {
    let rate = bytesPerSecond.value.map { ", \(Quantity.bytes(Int($0)))/s" } ?? ""
    let bits = bitsPerByte.value.map { ": \(Quantity.fixed($0, 4)) bits per byte" } ?? ""
    let sizes = "\(Quantity.count(bytesIn, "byte")) to \(Quantity.count(bytesOut))"
    return "\(name): \(verb), \(sizes)\(bits)\(rate); \(method)"
  }

  private var method: String {
    let dictionary = dictionary.value.map { ", after reading the dictionary \($0)" } ?? ""
    guard let model = model.value else {
      return "by counts that learn as they read"
        + (dictionary.isEmpty ? ", decompressed on any CPU" : dictionary + "; decompressed with it on any CPU")
    }
    let (arithmetic, needed) = (arithmetic.value ?? "", dictionary.isEmpty ? "it" : "both")
    return "by the model \(model)" + (dynamic ? ", which learns as it reads" : "")
      + (mix ? ", and counts that learn" : "") + dictionary
      + (arithmetic.hasPrefix("exact")
        ? "; decompressed with \(needed) on any CPU"
        : "; decompressed with \(needed) only on machines with \(arithmetic)")
  }
}
