import CharLMFiles
import Foundation
import Testing

@testable import CharLM

@Suite("Portable functions") struct PortableFunctionTests {
  @Test("exp and log are those of the C library, nearly")
  func values() {
    for step in -8700...8700 {
      let x = Float(step) / 100
      let (found, exact) = (Portable.exponential(x), exp(Double(x)))
      #expect(abs(Double(found) - exact) < 3e-7 * exact, "exp(\(x))")
      #expect(abs(Portable.exponential(Double(x) * 3) / exp(Double(x) * 3) - 1) < 1e-13, "exp(\(x) · 3)")
      let power = exp(Double(step) / 20)
      #expect(abs(Portable.logarithm(power) - log(power)) < 1e-14 * max(1, abs(log(power))), "log(\(power))")
    }
    #expect(Portable.exponential(-1000.0) == 0 && Portable.exponential(Float(-200)) < 2e-38)
    #expect(Portable.exponential(Double.nan) == 0 && Portable.logarithm(1) == 0)
  }

  @Test("sixteen at once are the same bits, and the bits are these, on every CPU")
  func bits() {
    var lanes = SIMD16<Float>()
    var digest = SHA256Digest()
    for step in 0..<4000 {
      let x = Float(step) * -0.0217 + 0.5
      lanes[step % 16] = x
      if step % 16 == 15 {
        let all = Portable.exponential(lanes)
        for lane in 0..<16 { #expect(all[lane] == Portable.exponential(lanes[lane]), "exp(\(lanes[lane]))") }
      }
      digest.update([Portable.exponential(x)])
      digest.update([Portable.exponential(Double(x)), Portable.logarithm(1 + Double(step))])
    }
    #expect(
      digest.hexadecimal == "3fa4084c671abecc7d3b21653c5d946ead86db309ebe10ffa2c1f5a8ae69f9af",
      "a change of these bits is a new format of compressed text")
  }
}
