import Foundation
import Testing

@testable import CharLMData

@Suite("The layout of documents in a file") struct DocumentLayoutTests {
  /// Lines of words, seeded by their number.
  private static func words(_ count: Int, _ number: Int) -> String {
    let words = ["river", "a", "lantern", "of", "the", "harbour", "sings", "old", "and", "boat", "under", "snow"]
    return (0..<count).map { words[(number * 7 + $0 * 5 + number / 3) % words.count] }.joined(separator: " ")
  }

  private static let names = (0..<60).map { "\(["emma", "olivia", "ava", "mia", "noah"][$0 % 5])\($0)" }
  private static let verses = (0..<12).map { poem in
    (0..<4).map { words(5, poem * 4 + $0) + ($0 % 2 == 0 ? "," : ".") }.joined(separator: "\n")
  }
  private static let paragraphs = (0..<12).map { words(60, $0) + "." }
  private static let wrapped = paragraphs.map { paragraph in
    var (lines, line) = ([String](), "")
    for word in paragraph.split(separator: " ") {
      if line.count + word.count > 44 { (lines, line) = (lines + [line], "") }
      line += (line.isEmpty ? "" : " ") + word
    }
    return (lines + [line]).joined(separator: "\n")
  }
  private static let code = (0..<30).map { "func f\($0)() {\n  let x = \($0)\n  return x\n}\n" }
  private static let play = (0..<30).map { "\($0 % 2 == 0 ? "ANNA" : "BELA"):\n\(words(5, $0)),\n\(words(6, $0 + 1))" }
  private static let chat = (0..<60).map { "\(["Mia", "Zoë", "Tom"][$0 % 3]): \(words(4, $0))" }
  private static let dialogue = (0..<40).map {
    "“\(words(3 + $0 % 9, $0)),” said the \($0 % 2 == 0 ? "dog" : "old gull")."
  }

  struct Example: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    let layout: DocumentLayout?
    var testDescription: String { name }
  }

  private static let allExamples = [
    Example(name: "names", text: names.joined(separator: "\n") + "\n", layout: .list),
    Example(name: "names with Windows' line ends", text: names.joined(separator: "\r\n") + "\r\n", layout: .list),
    Example(name: "a list of dishes", text: (0..<30).map { words(3, $0) }.joined(separator: "\n"), layout: .list),
    Example(name: "a few names", text: names.prefix(10).joined(separator: "\n"), layout: nil),
    Example(name: "poems", text: verses.joined(separator: "\n\n") + "\n", layout: .poems),
    Example(name: "one long poem", text: verses.joined(separator: "\n") + "\n", layout: nil),
    Example(name: "fortunes", text: verses.joined(separator: "\n%\n") + "\n", layout: .marked("%")),
    Example(name: "letters", text: wrapped.joined(separator: "\n***\n") + "\n", layout: .marked("***")),
    Example(name: "prose, a paragraph a line", text: paragraphs.joined(separator: "\n\n"), layout: nil),
    Example(name: "prose, wrapped", text: wrapped.joined(separator: "\n\n"), layout: nil),
    Example(name: "dialogue", text: dialogue.joined(separator: "\n\n"), layout: nil),
    Example(name: "code", text: code.joined(separator: "\n"), layout: nil),
    Example(name: "a play", text: play.joined(separator: "\n\n"), layout: nil),
    Example(name: "a chat", text: chat.joined(separator: "\n"), layout: nil),
    Example(name: "nothing", text: "", layout: nil),
  ]

  @Test("a list, poems and marked texts are recognized; prose, code, plays and chats are not", arguments: allExamples)
  func recognized(_ example: Example) {
    #expect(DocumentLayout(of: Array(example.text.utf8)) == example.layout)
  }

  @Test("the repository's own texts are none of these")
  func ownTexts() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../corpora").path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".txt") }
    #expect(names.count >= 5)
    for name in names {
      let bytes = try #require(FileManager.default.contents(atPath: folder + "/" + name))
      #expect(DocumentLayout(of: bytes) == nil, "\(name)")
    }
  }

  @Test("a corpus notes the layout of what would be one document, and of nothing else")
  func events() throws {
    func noted(_ text: String, separator: String? = nil) throws -> Seen {
      let folder = FileManager.default.temporaryDirectory.appending(path: "layout-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let path = folder.appending(path: "text.txt").path
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let seen = Seen()
      _ = try Corpus(paths: [path], documentSeparator: separator) { event in
        if case .looksLikeDocuments(let layout) = event { seen.layouts.append(layout) }
        if case .isSorted = event { seen.isSorted = true }
      }
      return seen
    }
    let list = Self.names.joined(separator: "\n")
    #expect(try noted(list).layouts == [.list])
    #expect(try noted(list, separator: "\n").layouts.isEmpty)
    #expect(try noted(Self.paragraphs.joined(separator: "\n")).layouts.isEmpty)
    #expect(try !noted(list).isSorted && !noted(list, separator: "\n").isSorted)
    let sorted = Self.names.sorted().joined(separator: "\n")
    #expect(try noted(sorted).isSorted && noted(sorted, separator: "\n").isSorted)
  }

  private final class Seen {
    var layouts: [DocumentLayout] = []
    var isSorted = false
  }
}
