import HTTPTypes

/// What tells browsers to be careful with all that this server sends.
enum SecurityHeaders {
  private static let all: [(name: String, value: String)] = [
    (
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
  ]

  /// The fields.
  static let fields = HTTPFields(
    all.compactMap { field in HTTPField.Name(field.name).map { HTTPField(name: $0, value: field.value) } })
}
