import CharLMFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Lines that somebody types at a terminal, with editing and a history: by libedit where that is installed, as it nearly
/// always is; otherwise with what the terminal itself offers.
///
/// libedit is opened at run time, by the names that its releases have, and asked through its interface for readline's
/// callers, which has not changed since 2003.
///
/// `@safe` is Safe: the functions are private, and those of a library that stays open.
@safe struct LineEditor {
  private typealias ReadLine = @convention(c) (UnsafePointer<CChar>) -> UnsafeMutablePointer<CChar>?
  private typealias AddHistory = @convention(c) (UnsafePointer<CChar>) -> Int32

  private let library: (readLine: ReadLine, addHistory: AddHistory)?

  private static let names = ["libedit.so.2", "libedit.so.0", "libedit.3.dylib"]

  init() {
    // libedit reads characters by the locale, which is C until a program asks; a terminal of today sends UTF-8.
    // Safe: constant strings in, a string of the system's out, which is copied at once.
    let locale = unsafe setlocale(LC_CTYPE, "").map { unsafe String(cString: $0) } ?? "C"
    if locale == "C" || locale == "POSIX" { _ = unsafe setlocale(LC_CTYPE, "C.UTF-8") }
    unsafe library = LineEditor.load()
  }

  /// Whether lines can be edited, and earlier ones fetched.
  var canEdit: Bool { unsafe library != nil }

  private static func load() -> (ReadLine, AddHistory)? {
    for name in names {
      // Safe: the library stays open, and the types are those of its header, editline/readline.h.
      guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
      if let readLine = unsafe dlsym(handle, "readline"), let addHistory = unsafe dlsym(handle, "add_history") {
        return unsafe (
          unsafeBitCast(readLine, to: ReadLine.self), unsafeBitCast(addHistory, to: AddHistory.self)
        )
      }
      unsafe dlclose(handle)
    }
    return nil
  }

  /// What came of asking for a line.
  enum Answer: Equatable {
    case line(String)
    /// Control-C: what was typed is dropped.
    case interrupted
    /// Control-D.
    case end
  }

  /// Waits for a line; it joins the history.
  func line(prompt: String) -> Answer {
    _ = Interruption.takeStop()
    let line = unsafe library != nil ? edited(prompt) : plain(prompt)
    if Interruption.takeStop() { return .interrupted }
    return line.map { .line($0) } ?? .end
  }

  private func edited(_ prompt: String) -> String? {
    // Safe: the line is a string that ends with NUL, which is ours to free.
    guard let library = unsafe library, let line = unsafe library.readLine(prompt) else { return nil }
    defer { unsafe free(line) }
    if unsafe line[0] != 0 { _ = unsafe library.addHistory(line) }
    return unsafe String(cString: line)
  }

  private func plain(_ prompt: String) -> String? {
    try? Files.writeStandardOutput(Array(prompt.utf8))
    return readLine(strippingNewline: true)
  }
}
