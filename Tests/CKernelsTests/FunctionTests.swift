import CKernels
// exp, σ and tanh: their error in units in the last place, and their limits.

import Foundation
import Testing

enum ElementFunction: String, CaseIterable, CustomTestStringConvertible {
  case exp, sigmoid, tanh

  var testDescription: String { rawValue }

  func exact(_ x: Double) -> Double {
    switch self {
    case .exp: Foundation.exp(x)
    case .sigmoid: x < 0 ? Foundation.exp(x) / (1 + Foundation.exp(x)) : 1 / (1 + Foundation.exp(-x))
    case .tanh: Foundation.tanh(x)
    }
  }

  /// The bound that math.inc states.
  var bound: Double { self == .exp ? 1.5 : 3 }

  /// Where the result neither is 0 nor has reached its limit.
  var range: ClosedRange<Float> {
    switch self {
    case .exp: -104...88.7
    case .sigmoid: -105...20
    case .tanh: -10...10
    }
  }

  func values(_ x: [Float], _ table: Table) -> [Float] {
    let y = Buffer(count: x.count)
    let kernels = table.kernels
    switch self {
    case .exp: kernels.exp(x.count, x, y.pointer)
    case .sigmoid: kernels.sigmoid(x.count, x, y.pointer)
    case .tanh: kernels.tanh(x.count, x, y.pointer)
    }
    #expect(y.isIntact)
    return y.values
  }
}

/// |actual − exact| in units in the last place of the float nearest to `exact`.
func ulpError(_ actual: Float, _ exact: Double) -> Double {
  abs(Double(actual) - exact) / Double(Float(exact).ulp)
}

@Suite("Element-wise functions")
struct FunctionTests {
  @Test(
    "exp, sigmoid and tanh err by few units in the last place",
    arguments: Table.available, ElementFunction.allCases)
  func accuracy(table: Table, function: ElementFunction) {
    // Evenly over the range, and evenly over the exponents down to the smallest denormals, of both signs.
    var x = (0..<40_000).map {
      let part = Float($0) / 40_000
      return function.range.lowerBound + part * (function.range.upperBound - function.range.lowerBound)
    }
    for i in stride(from: 1, to: 0x4140_0000 as UInt32, by: 65_521) {
      x.append(Float(bitPattern: i))
      x.append(-Float(bitPattern: i))
    }
    x = x.filter(function.range.contains)
    var worst = (error: 0.0, x: Float(0))
    for (value, x) in zip(function.values(x, table), x) {
      let error = ulpError(value, function.exact(Double(x)))
      if !(error <= worst.error) { worst = (error, x) }
    }
    #expect(worst.error <= function.bound, "at x = \(worst.x)")
  }

  @Test("limits are exact and NaN stays NaN", arguments: Table.available)
  func limits(table: Table) {
    let infinity = Float.infinity
    let x: [Float] = [0, -0.0, infinity, -infinity, .nan, 1000, -1000, 89, -105, 3e38, -3e38]
    let exp = ElementFunction.exp.values(x, table)
    #expect(exp[0] == 1 && exp[1] == 1 && exp[2] == infinity && exp[3] == 0 && exp[4].isNaN)
    #expect(Array(exp[5...]) == [infinity, 0, infinity, 0, infinity, 0])
    let sigmoid = ElementFunction.sigmoid.values(x, table)
    #expect(sigmoid[0] == 0.5 && sigmoid[1] == 0.5 && sigmoid[2] == 1 && sigmoid[3] == 0 && sigmoid[4].isNaN)
    #expect(Array(sigmoid[5...]) == [1, 0, 1, 0, 1, 0])
    let tanh = ElementFunction.tanh.values(x, table)
    #expect(tanh[0].sign == .plus && tanh[1].sign == .minus && tanh[0] == 0 && tanh[1] == 0)
    #expect(tanh[2] == 1 && tanh[3] == -1 && tanh[4].isNaN)
    #expect(Array(tanh[5...]) == [1, -1, 1, -1, 1, -1])
  }

  @Test(
    "a value does not depend on its place in the buffer, and in place is allowed",
    arguments: Table.available, widths)
  func place(table: Table, count: Int) {
    var random = Random(count)
    let x = random.floats(count, in: -5...5)
    for function in ElementFunction.allCases {
      let alone = x.map { function.values([$0], table)[0] }
      #expect(function.values(x, table) == alone)
    }
    let inPlace = Buffer(x)
    table.kernels.tanh(count, inPlace.pointer, inPlace.pointer)
    #expect(inPlace.values == ElementFunction.tanh.values(x, table))
  }
}
