import RecurrentNN
import Testing

@Suite struct DescriptionTests {
  @Test("layers print their sizes and what differs from the defaults")
  func descriptions() {
    #expect("\(RNN(100, 20))" == "RNN(100, 20)")
    #expect("\(RNN(2, 3, nonlinearity: .relu, bias: false))" == "RNN(2, 3, nonlinearity: .relu, bias: false)")
    let lstm = LSTM(4, 3, layers: 2, batchFirst: true, dropout: 0.5, bidirectional: true, projectionSize: 2)
    #expect(
      "\(lstm)" == "LSTM(4, 3, layers: 2, batchFirst: true, dropout: 0.5, bidirectional: true, projectionSize: 2)")
    #expect("\(GRUCell(10, 20))" == "GRUCell(10, 20)")
    #expect(
      lstm.namedParameters.prefix(5).map { "\($0.name) \($0.shape)" } == [
        "weight_ih_l0 [12, 4]", "weight_hh_l0 [12, 2]", "bias_ih_l0 [12]", "bias_hh_l0 [12]", "weight_hr_l0 [2, 3]",
      ])
    #expect(lstm.namedParameters[15].name == "weight_ih_l1_reverse")
  }

  @Test("dropout falls between layers only, in training only, and with certainty gives zeros")
  func dropout() {
    let layer = RNN(2, 3, layers: 2, dropout: 1)
    let input = Tensor.ones(4, 1, 2)
    #expect(layer(input).output.values.allSatisfy { $0.isFinite })
    #expect(layer(input).hidden[0].values.contains { $0 != 0 })
    let dropped = layer(input).output.values
    #expect(dropped == layer(input * 5).output.values)
    layer.isTraining = false
    #expect(layer(input).output.values != dropped)
    #expect(Dropout(1)(input).values.allSatisfy { $0 == 0 })
    #expect(Dropout(0)(input).values == input.values)
  }
}
