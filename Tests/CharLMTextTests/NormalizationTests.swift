import CICU
import Testing

@testable import CharLMText

@Suite("Normalization")
struct NormalizationTests {
  @Test(
    "each form is ICU's",
    arguments: [
      (Normalization.none, "e\u{301}ﬁ", "e\u{301}ﬁ"), (.nfc, "e\u{301}", "\u{E9}"), (.nfd, "\u{E9}", "e\u{301}"),
      (.nfkc, "ﬁ①Ａ", "fi1A"), (.nfc, "ﬁ①", "ﬁ①"), (.nfc, "\u{212B}", "\u{C5}"), (.nfc, "\u{1100}\u{1161}\u{11A8}", "각"),
      (.nfd, "각", "\u{1100}\u{1161}\u{11A8}"), (.nfc, "a\u{315}\u{300}", "\u{E0}\u{315}"),
      (.nfkc, "\u{FDFA}", "صلى الله عليه وسلم"), (.nfd, "\u{0}a\r\n", "\u{0}a\r\n"), (.nfc, "", ""),
      (.nfd, "\u{1D15E}", "\u{1D157}\u{1D165}"),
    ])
  func forms(form: Normalization, text: String, expected: String) {
    #expect(form.normalized(Array(text.utf8)) == Array(expected.utf8))
  }

  @Test("pieces of any size give the same as the whole", arguments: [1, 2, 7, 64], 0..<40)
  func pieces(size: Int, seed: Int) {
    let utf8 = HardText.random(count: 80, seed: seed)
    for form in [CICU_NFC, CICU_NFD, CICU_NFKC, CICU_NFKD] {
      var normalizer = Normalizer(form: form)
      let whole = normalizer.normalized(utf8)
      normalizer.pieceSize = size
      #expect(normalizer.normalized(utf8) == whole)
      #expect(normalizer.normalized(whole) == whole, "a normalized text stays as it is")
    }
  }

  @Test("long runs of marks are ordered by their classes, those of one class as they stand", arguments: [63, 64, 1000])
  func longRuns(count: Int) {
    let marks = ["\u{301}", "\u{323}", "\u{300}", "\u{327}", "\u{345}", "\u{344}", "\u{34F}"]
    let text = "a" + (0..<count).map { marks[$0 * $0 % 11 % marks.count] }.joined() + "b\u{301}é"
    func ordered(_ scalars: [Unicode.Scalar]) -> String {
      var result = String.UnicodeScalarView()
      var run: [Unicode.Scalar] = []
      for scalar in scalars + ["\0"] {
        let number = scalar.properties.canonicalCombiningClass.rawValue
        if number == 0 {
          for rank in UInt8(1)...254 {
            result.append(contentsOf: run.filter { $0.properties.canonicalCombiningClass.rawValue == rank })
          }
          run = []
          result.append(scalar)
        } else {
          run.append(scalar)
        }
      }
      result.removeLast()
      return String(result)
    }
    let decomposed = text.unicodeScalars.flatMap { scalar -> [Unicode.Scalar] in
      switch scalar {
      case "\u{344}": ["\u{308}", "\u{301}"]
      case "é": ["e", "\u{301}"]
      default: [scalar]
      }
    }
    #expect(Normalization.nfd.normalized(Array(text.utf8)) == Array(ordered(decomposed).utf8))
    let composed = Normalization.nfc.normalized(Array(text.utf8))
    #expect(Normalization.nfd.normalized(composed) == Array(ordered(decomposed).utf8))
    #expect(Normalization.nfc.normalized(Array(ordered(decomposed).utf8)) == composed)
  }

  @Test("a hundred thousand marks on a letter, out of order, take no square of their number")
  func manyMarks() {
    let text = "a" + String(repeating: "\u{301}\u{323}", count: 200_000)
    #expect(Normalization.nfd.normalized(Array(text.utf8)).count == text.utf8.count)
  }

  @Test("a text that grows much is returned whole")
  func growth() {
    let text = [UInt8](String(repeating: "\u{FDFA}", count: 30_000).utf8)
    let one = [UInt8]("صلى الله عليه وسلم".utf8)
    #expect(Normalization.nfkc.normalized(text).count == 30_000 * one.count)
  }

  @Test("a text of marks alone is one piece")
  func marks() {
    let text = [UInt8](("a" + String(repeating: "\u{301}\u{323}", count: 40_000)).utf8)
    let normalized = Normalization.nfd.normalized(text)
    #expect(normalized.count == text.count)
    #expect(Array(normalized.prefix(5)) == Array("a\u{323}\u{323}".utf8))
  }
}
