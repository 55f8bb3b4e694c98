import CharLMData
import CharLMText
import RecurrentNN

extension View where Element == TokenID {
  /// Copies tokens of a text to the beginning.
  package func copy(_ range: Range<Int>, of text: TokenText) throws(TokenFileError) {
    var failure: TokenFileError?
    self[0..<range.count].withMutableSpan { target in
      do throws(TokenFileError) { try text.copy(range, to: &target) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
