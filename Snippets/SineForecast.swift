/// An RNN that learns to continue a sine wave: trained to predict the next value, it then runs on its own predictions.
///
/// Look at: the falling loss, and in sine-forecast.svg (or the file given as argument) the prediction drawn over the
/// truth: left of the mark the RNN reads true values, right of it only its own predictions.

import Foundation
import LinePlot
import RecurrentNN

struct Forecaster: Module {
  let rnn = RNN(1, 16)
  let decoder = Linear(16, 1)
  var children: Children { ["rnn": rnn, "decoder": decoder] }

  func callAsFunction(_ input: Tensor, _ state: Tensor) -> (prediction: Tensor, state: Tensor) {
    let (output, state) = rnn(input, state)
    return (decoder(output), state)
  }
}

let period = 40  // steps
let path = CommandLine.arguments.dropFirst().first ?? "sine-forecast.svg"
@MainActor func wave(_ range: Range<Int>) -> [Float] {
  range.map { Float(sin(2 * Double.pi * Double($0) / Double(period))) }
}
@MainActor func sequence(_ range: Range<Int>) -> Tensor { Tensor(wave(range)).reshape(-1, 1, 1) }  // (T, B, I)

RandomNumbers.manualSeed(1)
let model = Forecaster()
model.fillParametersNormal(deviation: 0.001)
let optimizer = Adam(model.parameters, learningRate: 0.005)
let schedule = LearningRateSchedule(peak: 0.005)  // falls from there along half a cosine
let (roundCount, length) = (4000, 30)  // not a whole period, so that chunks begin at different points of it
var state = Tensor.zeros(1, 1, 16)
for round in 0..<roundCount {
  let start = round * length  // where the last chunk ended
  let (prediction, next) = model(sequence(start..<start + length), state)
  let loss = meanSquaredError(prediction, sequence(start + 1..<start + length + 1))
  optimizer.zeroGradients()
  loss.backward()
  try clipGradientNorm(model.parameters, to: 1)
  optimizer.learningRate = schedule.rate(step: round, progress: Double(round) / Double(roundCount))
  optimizer.step()
  state = next.detached()  // the state is carried on, without its history
  if round % (roundCount / 5) == 0 { print("round \(round): loss \(loss.item)") }
}

// One period on true values, then two on its own predictions.
let truth = wave(0..<3 * period + 1)
let predictions = withoutRecording {
  var (values, state): ([Float], Tensor) = ([], .zeros(1, 1, 16))
  for time in 0..<3 * period {
    let input = time < period ? truth[time] : values[time - 1]
    let (prediction, next) = model(Tensor([input]).reshape(1, 1, 1), state)
    values.append(prediction.item)
    state = next
  }
  return values  // each is a prediction for time + 1
}
let errors = (period..<2 * period).map { pow(Double(predictions[$0] - truth[$0 + 1]), 2) }
print("free-running period: mean squared error \(errors.reduce(0, +) / Double(period))")

func points(_ values: [Float], from first: Int) -> [(x: Double, y: Double)] {
  values.enumerated().map { (Double($0 + first), Double($1)) }
}
let plot = LinePlot(
  "A sine wave, and an RNN that goes on with it", xLabel: "time step", yLabel: "value",
  marks: [(Double(period), "from here on its own predictions")],
  [
    .init("truth", points(truth, from: 0), color: "#9ecae1", width: 7),
    .init("prediction", points(predictions, from: 1), color: "#d62728"),
  ])
try plot.svg().write(toFile: path, atomically: true, encoding: .utf8)
print("written: \(path)")
