import RecurrentNN

/// Memory for a fixed number of elements that is a value: a copy costs nothing until one of the two writes.
///
/// Unlike an array's, it begins on a cache line, so that what is to share a line does, and lies in large pages, which
/// saves most misses of the translation cache where elements are read at random places.
struct ValueBuffer<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  // Safe: who writes has made sure that nobody else holds the memory.
  private var buffer: Buffer<Element>
  private var elements: View<Element>

  /// Zeros.
  init(count: Int) {
    buffer = Buffer(count: count)
    elements = buffer.view
  }

  init(_ array: [Element]) {
    self.init(count: array.count)
    elements.copy(from: array)
  }

  var count: Int { elements.count }

  @inline(__always)
  subscript(index: Int) -> Element { elements[index] }

  /// The elements, to be written: copied first if another value has them, too. Holds until the next copy is made.
  @inline(__always)
  mutating func own() -> View<Element> {
    if !isKnownUniquelyReferenced(&buffer) { copy() }
    return elements
  }

  @inline(never)
  private mutating func copy() {
    let fresh = Buffer<Element>(count: count)
    fresh.view.copy(from: elements)
    (buffer, elements) = (fresh, fresh.view)
  }

  /// Asks for an element ahead of its use.
  @inline(__always)
  func prefetch(_ index: Int) { elements.prefetch(index) }
}
