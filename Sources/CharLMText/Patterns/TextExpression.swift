import CICU
import Synchronization

/// A regular expression in ICU's syntax that whole texts match, or may still come to match: `[A-Z][a-z]{3,7}`.
///
/// `@unchecked Sendable` is Safe: the handle is used behind the lock alone.
/// `@safe` is Safe: the pointer is private, open from `init` to `deinit`.
@safe public final class TextExpression: @unchecked Sendable {
  /// The expression as it was written.
  public let pattern: String
  private let handle: OpaquePointer
  private let lock = Mutex<Void>(())

  /// What an expression makes of a text.
  public struct Verdict: Hashable, Sendable {
    /// The whole text matches.
    public var matches: Bool
    /// A longer text that begins with this one may match. (For an expression that looks ahead or back, perhaps none does.)
    public var mayGoOn: Bool

    /// A verdict.
    public init(matches: Bool, mayGoOn: Bool) { (self.matches, self.mayGoOn) = (matches, mayGoOn) }
  }

  /// The expression of a pattern.
  /// - Throws: `TextError.invalidExpression` where it is malformed.
  public init(_ pattern: String) throws(TextError) {
    var opened: OpaquePointer?
    var offset: Int32 = -1
    let utf8 = Array(pattern.utf8)
    // Safe: the array and the variables live through the call.
    let result = unsafe utf8.withUnsafeBufferPointer { utf8 in
      unsafe cicu_expression_open(utf8.baseAddress, Int32(utf8.count), &opened, &offset)
    }
    guard let opened = unsafe opened else {
      throw .invalidExpression(pattern: pattern, offset: offset < 0 ? nil : Int(offset), reason: errorName(result))
    }
    self.pattern = pattern
    unsafe handle = opened
  }

  deinit {
    // Safe: opened in `init`, and nobody else closes it.
    unsafe cicu_expression_close(handle)
  }

  /// Matches a whole text from its beginning.
  /// - Throws: `ConstraintError.search` where that takes longer than about a second, as it may for expressions with nested
  ///   repetitions, or too much memory.
  public func verdict(on utf8: [UInt8]) throws(ConstraintError) -> Verdict {
    let bits = lock.withLock { _ in
      // Safe: the array lives through the call.
      unsafe utf8.withUnsafeBufferPointer { utf8 in
        unsafe cicu_expression_test(handle, utf8.baseAddress, Int32(utf8.count))
      }
    }
    guard bits >= 0 else { throw .search(pattern: pattern, reason: errorName(bits)) }
    return Verdict(matches: Int(bits) & CICU_MATCHES != 0, mayGoOn: Int(bits) & CICU_MAY_GO_ON != 0)
  }
}
