import RecurrentNN
import Testing

@testable import CharLM

@Suite("Histories of choices") struct HistoryTests {
  private let histories = BitHistories()

  private func state(after bits: [Int]) -> Int {
    bits.reduce(0) { number, bit in
      let successors = histories.successors[number]
      return Int(bit == 1 ? successors.1 : successors.0)
    }
  }

  @Test("the first two bits are told apart, and a byte numbers all states")
  func states() {
    #expect(histories.states.count <= 256 && histories.states.count == histories.successors.count)
    let first = [[], [0], [1], [0, 0], [0, 1], [1, 0], [1, 1]]
    #expect(Set(first.map { state(after: $0) }).count == first.count)
  }

  @Test("a run counts up to forty, a contradiction leaves a few of it")
  func runs() {
    let run = histories.states[state(after: Array(repeating: 1, count: 100))]
    #expect(run.ones == 40 && run.zeros == 0)
    let broken = histories.states[state(after: Array(repeating: 1, count: 100) + [0])]
    #expect(broken.ones == 6 && broken.zeros == 1 && broken.recent & 1 == 0)
  }

  @Test("the other bit's history is the mirror image")
  func mirror() {
    var random = SeededGenerator(seed: 6)
    for _ in 0..<200 {
      let bits = (0..<30).map { _ in random.uniform() < 0.3 ? 1 : 0 }
      let (one, other) = (histories.states[state(after: bits)], histories.states[state(after: bits.map { 1 - $0 })])
      #expect(one.zeros == other.ones && one.ones == other.zeros, "\(bits)")
    }
  }

  @Test("a word holds the mean of its first bits, then follows the later ones")
  func word() {
    var word = HistoryWord.empty
    #expect(word.isEmpty && word.probability == 0.5)
    for bit in [1, 0, 1, 1] { word = word.after(bit, history: 7) }
    // Moved from 0.5 by 1/1.6, 1/2.6, 1/3.6 and 1/4.6 of the way to each bit.
    #expect(abs(word.probability - 0.7174) < 1e-3)
    #expect(word.history == 7 && word.bits & 63 == 4)
    for _ in 0..<1000 { word = word.after(0, history: 3) }
    #expect(word.probability < 2e-4 && word.bits & 63 == 60)
    #expect(!word.isEmpty)
    for _ in 0..<10 { word = word.after(1, history: 3) }
    #expect(word.probability > 0.1)
  }

  @Test("an entry is found until a more useful one needs its place")
  func table() {
    var table = HistoryTable(entryCount: 2)
    let hashes: [UInt64] = [0x1_0000_0000, 0x3_0000_0000, 0x5_0000_0000]
    #expect(table.find(hashes[0]) == nil)
    let first = table.insert(hashes[0])
    for _ in 0..<3 { table[first, 1] = table[first, 1].after(1, history: 1) }
    let second = table.insert(hashes[1])
    table[second, 1] = table[second, 1].after(0, history: 2)
    #expect(table.find(hashes[0]) == first && table.find(hashes[1]) == second && first != second)
    let third = table.insert(hashes[2])
    #expect(third == second && table.find(hashes[1]) == nil && table.find(hashes[0]) == first)
    #expect(table[third, 1].isEmpty && table[first, 1].history == 1)
  }
}
