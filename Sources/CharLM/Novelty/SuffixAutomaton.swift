/// All substrings of a text as an automaton (Blumer et al. 1985): another text is run through it, and it tells at each
/// byte the longest substring of the first that ends there.
///
/// It is made of the shorter text, so that the longer one only flows by: about 100 bytes of memory for a byte of the
/// former, none for the latter. A state stands for the substrings that end at the same places; it has at most two for each
/// byte of the text, and three edges.
struct SuffixAutomaton {
  /// Of each state: the length of its longest substring, and the state of the longest suffix that occurs elsewhere, too.
  private(set) var lengths: [Int32] = [0]
  private(set) var links: [Int32] = [-1]
  /// The state of each beginning of the text.
  private(set) var prefixStates: [Int32] = []
  private var firstEdges: [Int32] = [-1]
  private var edgeBytes: [UInt8] = []
  private var edgeTargets: [Int32] = []
  private var nextEdges: [Int32] = []
  /// All edges once more, for `step`: of each state which bytes it has edges of, and where their targets begin.
  private var masks: [ByteSet] = []
  private var targetStarts: [Int32] = []
  private var targets: [Int32] = []

  /// The automaton of a text, of at most 2^30 bytes, for states are numbered in 32 bits. (Samples have at most 8 MB.)
  /// - Complexity: O(bytes), and O(256 · bytes) for texts of many different bytes in a row.
  init(_ text: some Collection<UInt8>) {
    for byte in text { extend(byte) }
    freeze()
  }

  /// The number of states.
  var stateCount: Int { lengths.count }

  /// A place in another text: the state, and how many bytes before it are a substring of this one's text.
  struct Place {
    fileprivate(set) var state = 0
    fileprivate(set) var length = 0
  }

  /// Moves on by a byte.
  @inline(__always)
  func step(_ place: inout Place, _ byte: UInt8) {
    while true {
      if let rank = masks[place.state].rank(of: byte) {
        place.state = Int(targets[Int(targetStarts[place.state]) + rank])
        place.length += 1
        return
      }
      let link = links[place.state]
      guard link >= 0 else {
        place.length = 0
        return
      }
      place.state = Int(link)
      place.length = Int(lengths[place.state])
    }
  }

  // MARK: Construction

  private func edge(_ state: Int32, _ byte: UInt8) -> Int32 {
    var edge = firstEdges[Int(state)]
    while edge >= 0, edgeBytes[Int(edge)] != byte { edge = nextEdges[Int(edge)] }
    return edge
  }

  private mutating func addEdge(_ state: Int32, _ byte: UInt8, _ target: Int32) {
    edgeBytes.append(byte)
    edgeTargets.append(target)
    nextEdges.append(firstEdges[Int(state)])
    firstEdges[Int(state)] = Int32(edgeBytes.count - 1)
  }

  private mutating func makeState(length: Int32, link: Int32) -> Int32 {
    lengths.append(length)
    links.append(link)
    firstEdges.append(-1)
    return Int32(lengths.count - 1)
  }

  private mutating func extend(_ byte: UInt8) {
    let last = prefixStates.last ?? 0
    let new = makeState(length: lengths[Int(last)] + 1, link: 0)
    prefixStates.append(new)
    var state = last
    while state >= 0, edge(state, byte) < 0 {
      addEdge(state, byte, new)
      state = links[Int(state)]
    }
    guard state >= 0 else { return }
    let target = edgeTargets[Int(edge(state, byte))]
    if lengths[Int(target)] == lengths[Int(state)] + 1 {
      links[Int(new)] = target
      return
    }
    // The shorter substrings of the target now end at one place more than its longer ones.
    let clone = makeState(length: lengths[Int(state)] + 1, link: links[Int(target)])
    var copied = firstEdges[Int(target)]
    while copied >= 0 {
      addEdge(clone, edgeBytes[Int(copied)], edgeTargets[Int(copied)])
      copied = nextEdges[Int(copied)]
    }
    links[Int(target)] = clone
    links[Int(new)] = clone
    while state >= 0 {
      let found = edge(state, byte)
      guard found >= 0, edgeTargets[Int(found)] == target else { break }
      edgeTargets[Int(found)] = clone
      state = links[Int(state)]
    }
  }

  private mutating func freeze() {
    masks = Array(repeating: ByteSet(), count: stateCount)
    targetStarts = Array(repeating: 0, count: stateCount)
    targets = Array(repeating: 0, count: edgeBytes.count)
    var start = 0
    for state in 0..<stateCount {
      targetStarts[state] = Int32(start)
      var edge = firstEdges[state]
      while edge >= 0 {
        masks[state].insert(edgeBytes[Int(edge)])
        (edge, start) = (nextEdges[Int(edge)], start + 1)
      }
      edge = firstEdges[state]
      while edge >= 0 {
        if let rank = masks[state].rank(of: edgeBytes[Int(edge)]) {
          targets[Int(targetStarts[state]) + rank] = edgeTargets[Int(edge)]
        }
        edge = nextEdges[Int(edge)]
      }
    }
    (firstEdges, edgeBytes, edgeTargets, nextEdges) = ([], [], [], [])
  }
}

/// A set of bytes that knows how many of its members are smaller than one of them.
private struct ByteSet {
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  mutating func insert(_ byte: UInt8) {
    let bit: UInt64 = 1 << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: words.0 |= bit
    case 1: words.1 |= bit
    case 2: words.2 |= bit
    default: words.3 |= bit
    }
  }

  /// nil where the byte is no member.
  @inline(__always)
  func rank(of byte: UInt8) -> Int? {
    let bit: UInt64 = 1 << UInt64(byte & 63)
    let (word, before): (UInt64, Int) =
      switch byte >> 6 {
      case 0: (words.0, 0)
      case 1: (words.1, words.0.nonzeroBitCount)
      case 2: (words.2, words.0.nonzeroBitCount + words.1.nonzeroBitCount)
      default: (words.3, words.0.nonzeroBitCount + words.1.nonzeroBitCount + words.2.nonzeroBitCount)
      }
    return word & bit == 0 ? nil : before + (word & (bit - 1)).nonzeroBitCount
  }
}
