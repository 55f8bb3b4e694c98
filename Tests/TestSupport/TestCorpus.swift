/// Texts made for tests.
package enum TestCorpus {
  /// About `count` words of a small language, the same every time.
  package static func words(_ count: Int) -> String {
    let syllables = ["ba", "do", "ki", "lu", "mé", "na", "so"]
    var (state, text) = (UInt64(12345), "")
    for number in 0..<count {
      for _ in 0...1 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += syllables[Int(state >> 33) % syllables.count]
      }
      text += number % 8 == 7 ? ".\n" : " "
    }
    return text
  }

  /// Small settings, so that a step takes no time.
  package static let smallSettings = ["--hidden", "12", "--embedding", "6", "--batch", "4", "--bptt", "12"]

  /// Small settings, except for those that the arguments give themselves, and the arguments.
  package static func smallSettings(with arguments: [String]) -> [String] {
    let names = stride(from: 0, to: smallSettings.count, by: 2)
    return names.flatMap { arguments.contains(smallSettings[$0]) ? [] : smallSettings[$0...($0 + 1)] } + arguments
  }
}
