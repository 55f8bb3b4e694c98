/// Decides which tokens may follow so that the text stays well-formed: with tokens that are bytes, a model could draw a
/// scalar's beginning and never its end.
///
/// A value that goes along with the tokens of one text; a copy goes on by itself.
public struct ScalarGuard: Sendable {
  /// For each state, which tokens lead to a state again; without tokens that are parts of scalars, empty.
  private let mayFollow: [[Bool]]
  private let vocabulary: Vocabulary
  private var state = UTF8State.whole

  /// A guard at the start of a text.
  ///
  /// - Complexity: O(vocabulary).
  public init(vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    let ids = 0..<TokenID(vocabulary.count)
    let hasParts = ids.contains { UTF8State.whole.after(vocabulary.bytes(of: $0)) != .whole }
    mayFollow =
      hasParts
      ? UTF8State.allCases.map { state in
        let mask = ids.map { id in
          let bytes = vocabulary.bytes(of: id)
          return bytes.isEmpty ? state == .whole : state.after(bytes) != nil
        }
        // Where no text can follow well, all is as good.
        let hasText = ids.contains { mask[Int($0)] && !vocabulary.bytes(of: $0).isEmpty }
        return hasText ? mask : mask.map { _ in true }
      } : []
  }

  /// Whether some tokens are parts of scalars; otherwise all may always follow.
  public var isNeeded: Bool { !mayFollow.isEmpty }

  /// Whether no scalar is unfinished.
  public var isWhole: Bool { state == .whole }

  /// Whether a token may come next. Special tokens may where no scalar is unfinished.
  public func allows(_ id: TokenID) -> Bool {
    mayFollow.isEmpty || mayFollow[state.rawValue][Int(id)]
  }

  /// Takes a token that came. After a special one, or one that may not come, a scalar begins.
  public mutating func append(_ id: TokenID) {
    guard !mayFollow.isEmpty else { return }
    let bytes = vocabulary.bytes(of: id)
    state = bytes.isEmpty ? .whole : state.after(bytes) ?? .whole
  }
}

/// What may follow in well-formed UTF-8 (the Unicode Standard, 3.9, Table 3-7).
private enum UTF8State: Int, CaseIterable {
  /// The beginning of a scalar.
  case whole
  /// So many bytes from 0x80 to 0xBF.
  case one, two, three
  /// One byte of a smaller range, and one or two from 0x80 to 0xBF: after E0, ED, F0, F4.
  case afterE0, afterED, afterF0, afterF4

  /// The state after bytes; `nil` where they may not follow.
  func after(_ bytes: ArraySlice<UInt8>) -> UTF8State? {
    var state = self
    for byte in bytes {
      guard let next = state.after(byte) else { return nil }
      state = next
    }
    return state
  }

  private func after(_ byte: UInt8) -> UTF8State? {
    switch self {
    case .whole: Self.afterLead(byte)
    case .one: 0x80...0xBF ~= byte ? .whole : nil
    case .two: 0x80...0xBF ~= byte ? .one : nil
    case .three: 0x80...0xBF ~= byte ? .two : nil
    case .afterE0: 0xA0...0xBF ~= byte ? .one : nil
    case .afterED: 0x80...0x9F ~= byte ? .one : nil
    case .afterF0: 0x90...0xBF ~= byte ? .two : nil
    case .afterF4: 0x80...0x8F ~= byte ? .two : nil
    }
  }

  private static func afterLead(_ byte: UInt8) -> UTF8State? {
    switch byte {
    case 0..<0x80: .whole
    case 0xC2...0xDF: .one
    case 0xE0: .afterE0
    case 0xED: .afterED
    case 0xE1...0xEF: .two
    case 0xF0: .afterF0
    case 0xF4: .afterF4
    case 0xF1...0xF3: .three
    default: nil
    }
  }
}
