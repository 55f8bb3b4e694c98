import CharLM

/// What `charlm average` prints.
struct AverageReport: Encodable {
  let model: String
  let models: [String]
  let averagedSteps: [Int]
  let parameters: Int
  let validNatsStateful: OrNull<Double>
  /// The loss that each model recorded.
  let memberValidNats: [OrNull<Double>]
  private let isLanguage: Bool

  private enum CodingKeys: String, CodingKey {
    case model, models, averagedSteps, parameters, validNatsStateful, memberValidNats
  }

  init(_ path: String, _ found: [ModelLookup.Found], _ mean: ModelSnapshot, validNats: Double?) {
    model = path
    models = found.map(\.path)
    averagedSteps = mean.training.averagedSteps ?? []
    parameters = mean.parameterCount
    validNatsStateful = OrNull(finite: validNats)
    memberValidNats = found.map { OrNull(finite: $0.model.training.bestValidNats) }
    isLanguage = mean.kind == .language
  }

  /// For people.
  var lines: [String] {
    var lines = [
      "\(model): the average of \(Quantity.count(models.count, "model")), of steps \(Quantity.list(averagedSteps))"
    ]
    if let nats = validNatsStateful.value {
      let members = memberValidNats.compactMap(\.value)
      var line = "validation \(Quantity.fixed(nats, 4)) nats per token"
      if let best = members.min(), let worst = members.max() {
        line += "; the models have \(Quantity.fixed(best, 4)) to \(Quantity.fixed(worst, 4))"
      }
      lines.append(line)
    }
    let path = CommandText.quoted(model)
    lines.append("next: \(CommandText.program) \(isLanguage ? "sample" : "transduce") --model \(path)")
    return lines
  }
}
