import CharLM
import CharLMData
import Foundation
import Testing

@testable import CharLMServer

/// What units do over a text.
@Suite struct NeuronTests {
  @Test("activations and correlations are those of the library, a byte for each character and unit")
  func neurons() async throws {
    let model = try TestServer.model(seed: 1)
    let text = "the cat sat\non thé mat"
    let placed = try PlacedText(text: text, tokenizer: model.tokenizer, name: "text")
    let neurons = try Neurons(model, placed)
    try await TestServer.with { (ask: TestClient) async throws in
      let body = String(
        decoding: try JSONSerialization.data(withJSONObject: ["text": text, "units": 5]), as: UTF8.self)
      let answer = try await ask("POST", "/api/neurons", body)
      let shown = try #require(answer.json["shown"] as? [String: Any], "\(answer.text)")
      #expect(shown["text"] as? String == text && answer.json["tokens"] as? Int == text.count)
      let activations = try #require(Data(base64Encoded: shown["activations"] as? String ?? ""))
      #expect(activations.count == text.count * 5)
      let units = try #require(shown["units"] as? [[String: Any]])
      let best = neurons.best(5)
      let correlations = best.map { unit in neurons.quantities.map { neurons.correlation(of: unit, with: $0) } }
      for (unit, expected) in zip(units, correlations) {
        let found = try #require(unit["correlations"] as? [Double])
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 0.001 })
      }
      let first = try #require(try ActivationReader(model, placed.evaluation.tokens).next()).activations
      for (place, unit) in best.enumerated() {
        let value = (Float(activations[place]) - 127) / 127
        let scale = max(1, neurons.largest(of: unit))
        #expect(abs(value - first[unit.layer][unit.number] / scale) < 0.005)
      }
      #expect((answer.json["gates"] as? [Any])?.count == 6 && answer.json["is_cut"] as? Bool == false)
      #expect(try await ask("POST", "/api/neurons", #"{"text":"a"}"#).wrongField == "text")
      #expect(try await ask("POST", "/api/neurons", #"{"text":"a日b"}"#).wrongField == "text")
    }
  }
}
