import CharLMData
import CharLMText
import Foundation
import RecurrentNN
import Testing

@testable import CharLM

@Suite("Units and what they keep track of") struct NeuronsTests {
  private static let letters: String = {
    var random = SeededGenerator(seed: 3)
    let bytes: [UInt8] = (0..<700).map { _ in UInt8(0x61 + Int.random(in: 0..<16, using: &random)) }
    return String(decoding: bytes, as: UTF8.self)
  }()

  @Test(
    "activations are those of the equations, in every cell, across chunks", arguments: [CellKind.lstm, .gru, .rnn])
  func activations(_ cell: CellKind) throws {
    let model = try TestModel.language(cell, hidden: 12)
    let tokens = try PlacedText(text: Self.letters, tokenizer: model.tokenizer).evaluation.tokens
    let expected = try layerOutputs(model, tokens.tokens())
    let reader = ActivationReader(model, tokens)
    var found: [[[Float]]] = [[], []]
    while let chunk = try reader.next() {
      for layer in 0..<2 {
        for row in chunk.tokens.indices {
          found[layer].append(Array(chunk.activations[layer][row * 12..<(row + 1) * 12]))
        }
      }
    }
    #expect(found[0].count == tokens.count)
    for layer in 0..<2 {
      for place in [0, 1, 255, 256, 511, 698] {
        for unit in 0..<12 {
          let difference = abs(found[layer][place][unit] - expected[layer][place][unit])
          #expect(difference < 1e-4, "layer \(layer), token \(place), unit \(unit)")
        }
      }
    }
  }

  /// c or h of each layer and token, by plain loops over the model's parameters.
  private func layerOutputs(_ model: LanguageModel, _ tokens: [TokenID]) -> [[[Float]]] {
    let (snapshot, H) = (model.snapshot, 12)
    let E = snapshot.settings.embedding
    let embedding = snapshot.values(named: "embedding.weight")
    var inputs = tokens.map { Array(embedding[Int($0) * E..<(Int($0) + 1) * E]) }
    func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
    return (0..<2).map { layer in
      func values(_ name: String) -> [Float] { snapshot.values(named: "rnn.\(name)_l\(layer)") }
      let (wi, wh, bi, bh) = (values("weight_ih"), values("weight_hh"), values("bias_ih"), values("bias_hh"))
      var (h, c) = ([Float](repeating: 0, count: H), [Float](repeating: 0, count: H))
      var shown: [[Float]] = []
      inputs = inputs.map { x in
        func projected(_ row: Int) -> Float { x.indices.reduce(bi[row]) { $0 + wi[row * x.count + $1] * x[$1] } }
        func recurrent(_ row: Int) -> Float { h.indices.reduce(bh[row]) { $0 + wh[row * H + $1] * h[$1] } }
        var (nextH, nextC) = (h, c)
        for unit in 0..<H {
          switch snapshot.settings.cell {
          case .lstm:
            let gates = (0..<4).map { projected($0 * H + unit) + recurrent($0 * H + unit) }
            nextC[unit] = sigmoid(gates[1]) * c[unit] + sigmoid(gates[0]) * tanh(gates[2])
            nextH[unit] = sigmoid(gates[3]) * tanh(nextC[unit])
          case .gru:
            let reset = sigmoid(projected(unit) + recurrent(unit))
            let update = sigmoid(projected(H + unit) + recurrent(H + unit))
            let candidate = tanh(projected(2 * H + unit) + reset * recurrent(2 * H + unit))
            nextH[unit] = (1 - update) * candidate + update * h[unit]
          case .rnn: nextH[unit] = tanh(projected(unit) + recurrent(unit))
          }
        }
        (h, c) = (nextH, nextC)
        shown.append(snapshot.settings.cell == .lstm ? c : h)
        return h
      }
      return shown
    }
  }

  @Test("correlations are Pearson's, and 0 for what never changes")
  func correlations() {
    let x: [Float] = [0.1, -0.5, 0.9, 0.3, -0.2, 0.7]
    let y: [Float] = [1, 0, 3, 3, 0, 2]
    var sums = CorrelationSums(rowCount: 3, columnCount: 2)
    for part in [0..<2, 2..<6] {
      // Rows: x, −x, and a unit that never changes. Columns: y, and a quantity that never changes.
      let rows: [Float] = part.flatMap { (place: Int) -> [Float] in [x[place], -x[place], 0.25] }
      sums.add([rows], width: 3, part.map { (place: Int) -> [Float] in [y[place], 7] })
    }
    func mean(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) } / Double(values.count) }
    let (mx, my) = (mean(x), mean(y))
    let xy = zip(x, y).reduce(0) { $0 + (Double($1.0) - mx) * (Double($1.1) - my) }
    let xx = x.reduce(0) { $0 + (Double($1) - mx) * (Double($1) - mx) }
    let yy = y.reduce(0) { $0 + (Double($1) - my) * (Double($1) - my) }
    let expected = xy / (xx * yy).squareRoot()
    #expect(abs(sums.correlations[0][0] - expected) < 1e-12 && abs(sums.correlations[1][0] + expected) < 1e-12)
    #expect(sums.correlations[2] == [0, 0] && sums.correlations[0][1] == 0)
    #expect(sums.varies(column: 0) && !sums.varies(column: 1))
    #expect(sums.largest == [0.9, 0.9, 0.25])
  }

  @Test("the best units come quantity by quantity, each once")
  func best() throws {
    let model = try TestModel.language(.lstm, hidden: 12)
    let text = try PlacedText(text: Self.letters, tokenizer: model.tokenizer)
    let neurons = try Neurons(model, text)
    #expect(neurons.quantities.contains(.wordPosition) && !neurons.quantities.contains(.digit))
    let chosen = neurons.best(7)
    #expect(chosen.count == 7 && Set(chosen).count == 7)
    #expect(chosen[0] == neurons.trackers(of: neurons.quantities[0])[0].unit)
    #expect(neurons.best(1000).count == 24)
    let best = try #require(neurons.best(of: chosen[0]))
    #expect(abs(best.correlation) >= abs(neurons.correlation(of: chosen[0], with: .wordPosition)))
    for layer in 0..<2 {
      for (number, share) in neurons.saturation(ofLayer: layer).enumerated() {
        let units = (0..<12).map { neurons.saturation(of: NetworkUnit(layer: layer, number: $0))[number] }
        #expect(abs(share.open - units.reduce(0) { $0 + $1.open } / 12) < 1e-12)
        #expect(abs(share.shut - units.reduce(0) { $0 + $1.shut } / 12) < 1e-12)
      }
    }
  }
}

@Suite("Quantities of a text") struct QuantityReaderTests {
  /// The values of a quantity after each scalar.
  private func values(_ quantity: TextQuantity, _ text: String) throws -> [Int] {
    let scalars = Array(text.unicodeScalars)
    let place = try #require(TextQuantity.allCases.firstIndex(of: quantity))
    var reader = QuantityReader()
    return scalars.indices.map { index in
      reader.read(scalars[index], before: index + 1 < scalars.count ? scalars[index + 1] : nil)
      return Int(reader.values[place])
    }
  }

  @Test(
    "quantities are told as a reader would",
    arguments: [
      (TextQuantity.insideQuotes, "a \"b\" c", [0, 0, 1, 1, 0, 0, 0]),
      (.insideQuotes, "it's 'so' ", [0, 0, 0, 0, 0, 1, 1, 1, 0, 0]),
      (.insideQuotes, "「a」“b”", [1, 1, 0, 1, 1, 0]), (.insideQuotes, "\"a\n\nb", [1, 1, 1, 0, 0]),
      (.insideQuotes, "x\\\"y", [0, 0, 0, 0]), (.bracketDepth, "(a[b])", [1, 1, 2, 2, 1, 0]),
      (.bracketDepth, ")（{", [0, 1, 2]), (.bracketDepth, "{(}[)", [1, 2, 0, 1, 1]),
      (.bracketDepth, "{(\n\na}", [1, 2, 2, 1, 1, 0]),
      (.bracketDepth, "(\"(\")《》", [1, 1, 1, 1, 0, 1, 0]),
      (.insideComment, "a // b\nc", [0, 0, 0, 1, 1, 1, 0, 0]),
      (.insideComment, "/* a */b", [0, 1, 1, 1, 1, 1, 0, 0]), (.insideComment, "a://b", [0, 0, 0, 0, 0]),
      (.linePosition, "ab\ncd", [1, 2, 0, 1, 2]), (.indentation, "  a b\n\tc", [1, 2, 2, 2, 2, 0, 4, 4]),
      (.lineStart, " a\nb", [1, 0, 1, 0]), (.wordPosition, "ab, don't", [1, 2, 0, 0, 1, 2, 3, 3, 4]),
      (.sinceSpace, "ab, c", [1, 2, 3, 0, 1]), (.sentencePosition, "ab. c", [1, 2, 0, 1, 2]),
      (.capital, "aBÉ1", [0, 1, 1, 0]), (.capitalWord, "AB Ab A", [0, 1, 0, 0, 0, 0, 0]),
      (.digit, "a1٣", [0, 1, 1]), (.space, "a b\n", [0, 1, 0, 1]), (.punctuation, "a,。", [0, 1, 1]),
    ] as [(TextQuantity, String, [Int])])
  func told(_ quantity: TextQuantity, _ text: String, _ expected: [Int]) throws {
    #expect(try values(quantity, text) == expected, "\(quantity.name) of '\(text)'")
  }
}
