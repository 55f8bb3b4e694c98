import CharLMData
import CharLMText
import RecurrentNN
import Testing

@testable import CharLM

@Suite("Lines and documents of a text") struct TextDivisionTests {
  private func tokenizer(documents: Bool) throws -> Tokenizer {
    var tokens = "ab\né".map { Token(String($0)) }
    if documents { tokens.insert(.special(.document), at: 0) }
    return Tokenizer(vocabulary: try Vocabulary(tokens: tokens), settings: TextSettings())
  }

  @Test("lines add up to the text, each with its line feed; the first token is context only")
  func lines() throws {
    let tokenizer = try tokenizer(documents: false)
    let text = try EvaluationText(text: "ab\n\nbéb\na", tokenizer: tokenizer)
    let division = try TextDivision.lines(of: text, tokenizer.vocabulary)
    #expect(division.parts.map(\.byteCount) == [2, 1, 5, 1])
    #expect(division.parts.map(\.predictions) == [0..<2, 2..<3, 3..<7, 7..<8])
    let evaluation = try Unigram(tokenizer: tokenizer, logits: [0, 1, 2, 3]).evaluate(
      text, keepsTokenNats: true)
    let nats = try #require(evaluation.tokenNats)
    let bits = division.bits(nats)
    #expect(abs(bits.reduce(0, +) - evaluation.sums.bits) < 1e-4 && bits.count == 4)
    #expect(division.bits(Array(nats.prefix(6))).count == 2)
    #expect(try TextDivision.documents(of: text, tokenizer.vocabulary) == nil)
    #expect(try division.beginning(of: division.parts[2], byteCount: 3) == Array("bé".utf8))
  }

  @Test("a document's cost has that of its end")
  func documents() throws {
    let tokenizer = try tokenizer(documents: true)
    let text = try EvaluationText(
      text: "ab\n\na\n\nbba", tokenizer: tokenizer, documentSeparator: "\n\n")
    let division = try #require(try TextDivision.documents(of: text, tokenizer.vocabulary))
    #expect(division.parts.map(\.byteCount) == [2, 1, 3])
    #expect(division.parts.map(\.predictions.count) == [3, 2, 4])
    let evaluation = try Unigram(tokenizer: tokenizer, logits: [0, 1, 2, 3, 4]).evaluate(
      text, keepsTokenNats: true)
    let bits = division.bits(try #require(evaluation.tokenNats))
    #expect(abs(bits.reduce(0, +) - evaluation.sums.bits) < 1e-4)
    #expect(try division.beginning(of: division.parts[2], byteCount: 9) == Array("bba".utf8))
  }
}
