import CharLMText
import TestSupport
import Testing

@testable import CharLM
@testable import CharLMFiles

@Suite("JSONTestSuite, by the reader of vocabularies") struct VocabularySuiteTests {
  @Test(
    "what is no JSON is no vocabulary, and arrays of different texts are",
    .enabled(if: !JSONTestSuite.files.isEmpty, Comment(rawValue: JSONTestSuite.comment)))
  func suite() throws {
    let folder = try ScratchFolder()
    var acceptedCount = 0
    for (name, bytes) in JSONTestSuite.files {
      let path = folder("vocabulary.json")
      try Files.writeAtomically(path) { (writer: inout FileWriter) throws(FileError) in try writer.write(bytes) }
      guard let vocabulary = try? VocabularyFile.read(path: path) else {
        #expect(!name.hasPrefix("y_string"), "\(name) is refused")
        continue
      }
      acceptedCount += 1
      #expect(!name.hasPrefix("n_"), "\(name) is accepted as \(vocabulary.count) tokens")
    }
    #expect(acceptedCount > 30)
  }
}
