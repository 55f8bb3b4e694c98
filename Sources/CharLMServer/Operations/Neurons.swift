import CharLM
import CharLMData
import CharLMFiles
import TrainingWatch

extension Operation {
  /// Says what a network's units do over a text.
  static let neurons = Operation(
    method: .post, path: "/api/neurons", name: "neurons",
    summary: "Give the activations of a network's units over a text, and what the units keep track of.",
    body: [
      .model, Field("text", .text(bytes: Field.longestText), "The text.", isRequired: true),
      Field(
        "units", .integer(1...512),
        "How many units: the best of each quantity in turn; the more, the less of the text.",
        standard: 32),
      Field(
        "on_unknown", .choice(["error", "skip"]), "What to do with characters that the model does not know.",
        standard: "error"),
    ],
    refusals: [.notFound, .tooManyRequests], answers: [("application/json", schema)],
    respond: { call in
      let served = try call.service.model(named: call.fields.text("model"))
      return try await call.service.desk.run(for: call.client) {
        let text = try PlacedText(field: "text", of: call.fields, for: served.model)
        let neurons = try Neurons(served.model, text) { _ in
          if call.client.isGone { throw CancellationError() }
        }
        var shown = UnitText(text, neurons, units: neurons.best(call.fields.integer("units") ?? 32))
        try shown.read(served.model)
        return .json(json(served.name, neurons, shown))
      }
    })

  private static func json(_ model: String, _ neurons: Neurons, _ shown: UnitText) -> String {
    let gates = (0..<neurons.layerCount).flatMap { layer in
      neurons.saturation(ofLayer: layer).map { gate in
        JSONText.object([
          ("layer", "\(layer + 1)"), ("gate", JSONText.quoted(gate.gate)), ("shut", JSONText.number(gate.shut)),
          ("open", JSONText.number(gate.open)),
        ])
      }
    }
    return JSONText.object([
      ("model", JSONText.quoted(model)), ("tokens", "\(neurons.tokenCount)"), ("layers", "\(neurons.layerCount)"),
      ("units_per_layer", "\(neurons.unitCount)"), ("is_cut", "\(shown.isCut)"), ("gates", JSONText.list(gates)),
      ("shown", shown.json),
    ])
  }

  private static var schema: JSONValue {
    let unit = Schema.object([
      "name": Schema.text, "correlations": Schema.list(Schema.number), "notes": Schema.list(Schema.text),
    ])
    let gate = Schema.object([
      "layer": Schema.integer, "gate": Schema.text, "shut": Schema.number, "open": Schema.number,
    ])
    // Bytes in base64: the lengths of the text's cells in UTF-16 units, and by cell and unit an activation, from -1 to 1
    // as 0 to 254.
    let shown = Schema.object([
      "text": Schema.text, "lengths": Schema.text, "activations": Schema.text, "units": Schema.list(unit),
      "quantities": Schema.list(Schema.text),
    ])
    return Schema.object([
      "model": Schema.text, "tokens": Schema.integer, "layers": Schema.integer, "units_per_layer": Schema.integer,
      "is_cut": Schema.flag, "gates": Schema.list(gate), "shown": shown,
    ])
  }
}
