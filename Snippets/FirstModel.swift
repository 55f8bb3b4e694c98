// Train a model on a text in memory, let it write, measure it, save it and load it again: `swift run FirstModel`.
import CharLM
import CharLMTraining

let animals = ["The cat ", "A dog ", "The small boat "]
let verbs = ["sat ", "slept ", "waited "]
let places = ["on the mat.\n", "by the sea.\n"]
var text = ""
for number in 0..<600 { text += animals[number * 7 % 3] + verbs[number * 5 % 3] + places[number * 11 % 2] }

var requested = RequestedSettings()
requested[\.training.length] = .steps(150)
let model = try LanguageModel.train(on: text, requested: requested) { status in
  if status.step % 50 == 0 { print("step \(status.step) of \(status.stepCount ?? 0)") }
}
print(try model.sample("The", length: 60, sampling: SamplingSettings(temperature: 0.5), randomSeed: 1))
print(
  "a sentence of the text takes less than a bit a byte:",
  try model.evaluate("A dog slept on the mat.\n").bitsPerByte < 1)

let path = "/tmp/charlm-first-model.safetensors"
try model.save(to: path)
print("the same after loading:", try LanguageModel(path: path).evaluate("A dog sat.") == model.evaluate("A dog sat."))
