#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Files {
  /// Where temporary files go: `$TMPDIR`, else `/tmp`.
  package static var temporaryFolder: String { environment("TMPDIR") ?? "/tmp" }

  /// A variable of the environment; nil where it is not set, or empty.
  package static func environment(_ name: String) -> String? {
    // Safe: the system's string is copied at once; nothing here changes the environment.
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}
