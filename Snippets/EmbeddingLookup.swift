/// An embedding: a vector for every word of a vocabulary.
///
/// Look at: a word's vector is a row of the weight; the same word has the same vector wherever it occurs; one training
/// step moves only the vectors of the words that were used.

import RecurrentNN

let words = ["the", "cat", "sat", "on", "mat"]
let numbers = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, $0) })
@MainActor func encode(_ text: String) -> [Int] { text.split(separator: " ").compactMap { numbers[String($0)] } }

RandomNumbers.manualSeed(1)
let embedding = Embedding(words.count, 4)
print(embedding)
print("cat:", embedding(encode("cat"))[0])

let sentence = embedding(encode("the cat sat on the mat"))
print("sentence:", sentence.shape)  // 6 words, 4 numbers each
print("'the' at 0 and at 4 alike:", sentence[0].values == sentence[4].values)

// A lookup gives what a product with one-hot rows would give, without multiplying the zeros.
let product = Tensor.oneHot(encode("cat"), classes: words.count) • embedding.weight
print("lookup equals one-hot product:", product.values == embedding(encode("cat")).values)

let before = embedding.weight
let optimizer = SGD(embedding.parameters, learningRate: 0.1)
embedding(encode("the cat")).sum().backward()
optimizer.step()
for (word, number) in numbers.sorted(by: { $0.value < $1.value }) {
  print(word, embedding.weight[number].values == before[number].values ? "stayed" : "moved")
}

// Pretrained vectors, such as GloVe's, are frozen by default.
let given = Embedding(vectors: Tensor([[1, 0], [0, 1], [1, 1]]))
print("given:", given([2]), "to train:", given.parameterCount)
