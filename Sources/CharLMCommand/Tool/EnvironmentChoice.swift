import CharLMFiles

/// The variables of the environment that take one of some words.
enum EnvironmentChoice {
  private static let choices = [
    (name: "CHARLM_KERNELS", values: ["plain", "avx2", "avx512"]),
    (name: "CHARLM_PRODUCTS", values: ["own", "library"]),
  ]

  /// - Throws: `CommandFailure`, which names the choices, for another word.
  static func check() throws {
    for (name, values) in choices {
      guard let value = Files.environment(name), !values.contains(value) else { continue }
      let listed = values.dropLast().joined(separator: ", ") + " or " + values[values.count - 1]
      throw CommandFailure("\(name)=\(value): there is no such choice", next: "set it to \(listed), or unset it")
    }
  }
}
