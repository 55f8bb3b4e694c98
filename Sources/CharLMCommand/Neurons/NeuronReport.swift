import CharLM
import TrainingWatch

/// What `charlm neurons` prints. Layers and units are numbered from 1.
struct NeuronReport: Encodable {
  let model: String
  let file: String
  let tokens: Int
  let layers: Int
  let units: Int
  let quantities: [Quantities]
  let gates: [Gate]

  /// The best units of a quantity.
  struct Quantities: Encodable {
    let quantity: TextQuantity
    let units: [Tracker]
  }

  struct Tracker: Encodable {
    let layer: Int
    let unit: Int
    let correlation: Double
  }

  struct Gate: Encodable {
    let layer: Int
    let gate: String
    let shut: Double
    let open: Double
  }

  private static let trackerCount = 5

  init(_ model: String, _ file: String, _ neurons: Neurons) {
    (self.model, self.file) = (model, file)
    (tokens, layers, units) = (neurons.tokenCount, neurons.layerCount, neurons.unitCount)
    quantities = neurons.quantities.map { quantity in
      Quantities(
        quantity: quantity,
        units: neurons.trackers(of: quantity).prefix(NeuronReport.trackerCount).map { finding in
          Tracker(
            layer: finding.unit.layer + 1, unit: finding.unit.number + 1, correlation: finding.correlation)
        })
    }
    gates = (0..<neurons.layerCount).flatMap { layer in
      neurons.saturation(ofLayer: layer).map { gate in
        Gate(layer: layer + 1, gate: gate.gate, shut: gate.shut, open: gate.open)
      }
    }
  }

  /// For people.
  var text: String {
    let names = quantities.map(\.quantity.name)
    let room = (names.map(\.count).max() ?? 0) + 2
    let rows = zip(names, quantities).map { name, entry in
      let trackers = entry.units.prefix(3).map { tracker in
        "layer \(tracker.layer), unit \(tracker.unit): \(Quantity.fixed(tracker.correlation, 2))"
      }
      return "  " + name + String(repeating: " ", count: room - name.count) + trackers.joined(separator: "   ") + "\n"
    }
    let shares = gates.map { gate in
      let name = "layer \(gate.layer), \(gate.gate)"
      return "  " + name + String(repeating: " ", count: max(1, room - name.count))
        + "\(Quantity.fixed(gate.shut * 100, 1))% shut, \(Quantity.fixed(gate.open * 100, 1))% open\n"
    }
    return WrappedText.text([("model", model), ("file", file)], width: nil)
      + "units    \(Quantity.count(layers, "layer")) of \(Quantity.count(units)), over \(Quantity.count(tokens, "token"))\n"
      + "\nUnits that go with a quantity, by their correlation\n" + rows.joined()
      + (shares.isEmpty ? "" : "\nGates\n" + shares.joined())
  }
}
