import RecurrentNN

/// The distinct tokens of a chunk, and for each row the place of its token among them.
///
/// A character model reads few different tokens, so the first layer's input product is made once for each distinct token
/// instead of once for each row.
package struct TokenTable {
  /// The distinct tokens in the order of their first occurrence.
  package private(set) var distinctCount = 0
  private let distinct: Buffer<Int32>
  private let index: Buffer<Int32>
  private let place: Buffer<Int32>  // by token: its place, or −1

  package init(vocabularyCount: Int, rowCapacity: Int) {
    distinct = Buffer(count: min(vocabularyCount, rowCapacity))
    index = Buffer(count: rowCapacity)
    place = Buffer(count: vocabularyCount)
    place.view.fill(-1)
  }

  package var distinctTokens: View<Int32> { distinct.view[0..<distinctCount] }

  /// Finds the distinct tokens; returns for each row its token's place.
  /// - Precondition: every token is below the vocabulary's count, and no more rows than the capacity.
  package mutating func build(_ tokens: View<Int32>) -> View<Int32> {
    let (distinct, place, index) = (distinct.view, place.view, index.view[0..<tokens.count])
    for number in 0..<distinctCount { place[Int(distinct[number])] = -1 }
    distinctCount = 0
    for row in 0..<tokens.count {
      let token = Int(tokens[row])
      if place[token] < 0 {
        place[token] = Int32(distinctCount)
        distinct[distinctCount] = Int32(token)
        distinctCount += 1
      }
      index[row] = place[token]
    }
    return index
  }
}
