import CharLMFiles
import CharLMText

/// A line of a file of pairs.
struct PairLine {
  let number: Int
  let input: [UInt8]
  let output: [UInt8]

  static func parse(_ utf8: [UInt8], source: String) throws(CorpusError) -> [PairLine] {
    var lines: [PairLine] = []
    for (index, line) in utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if line.isEmpty { continue }
      let sides = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      func malformed(_ problem: PairProblem) -> CorpusError {
        .malformedPair(source: source, line: index + 1, problem: problem)
      }
      guard sides.count == 2 else { throw malformed(.tabCount(sides.count - 1)) }
      guard !sides[0].isEmpty, !sides[1].isEmpty else { throw malformed(.emptySide) }
      lines.append(PairLine(number: index + 1, input: Array(sides[0]), output: Array(sides[1])))
    }
    guard !lines.isEmpty else { throw .noPairs(source: source) }
    return lines
  }

  func pair(_ inputs: Tokenizer, _ outputs: Tokenizer, source: String) throws(CorpusError) -> PairCorpus.Pair {
    let place = "\(source): line \(number)"
    let pair = PairCorpus.Pair(
      input: try mapError(CorpusError.text, inputs.encode(input, source: place)),
      output: try mapError(CorpusError.text, outputs.encode(output, source: place)))
    guard pair.input.count == pair.output.count else {
      throw .malformedPair(
        source: source, line: number, problem: .lengths(input: pair.input.count, output: pair.output.count))
    }
    return pair
  }
}
