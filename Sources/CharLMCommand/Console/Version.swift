import CharLMText
import RecurrentNN

/// What this program is made of.
enum Version {
  /// The release.
  static let number = "0.1.0"

  /// For people: version, kernels, product library, Unicode.
  static var text: String {
    """
    charlm \(number)
    kernels: \(Kernels.active.name)
    matrix products: \(Kernels.productName)
    Unicode: \(UnicodeLibrary.unicodeVersion), by ICU \(UnicodeLibrary.icuVersion)

    """
  }
}
