import CKernels

/// Memory for a fixed number of elements: allocated once, zeroed, on a cache-line boundary.
///
/// The one owner of raw memory in this module. Everything else sees it through a `View` or a `Matrix`.
@safe package final class Buffer<Element: BitwiseCopyable> {
  package let count: Int
  private let base: UnsafeMutablePointer<Element>

  /// - Complexity: O(count); pages are touched on first use.
  package init(count: Int) {
    precondition(count >= 0, "a buffer of \(count) elements")
    self.count = count
    guard let memory = unsafe ck_allocate(max(count, 1) * MemoryLayout<Element>.stride) else {
      Exhaustion.end("out of memory: \(count * MemoryLayout<Element>.stride) bytes were asked for")
    }
    unsafe base = memory.bindMemory(to: Element.self, capacity: max(count, 1))
  }

  deinit {
    unsafe ck_deallocate(base, max(count, 1) * MemoryLayout<Element>.stride)
  }

  /// The whole buffer. Valid as long as the buffer lives.
  package var view: View<Element> { unsafe View(base: base, count: count) }
}

/// A window on a part of a `Buffer`: where it starts and how many elements it has.
///
/// Safe: element access and slicing are checked. What is not checked is that the buffer outlives
/// the view; views are made where they are used and never kept longer than their buffer's owner.
///
/// Inlinable: without that, each access from another target would be a call of generic code, at ten times the cost.
@usableFromInline
@safe package struct View<Element: BitwiseCopyable> {
  @usableFromInline package let base: UnsafeMutablePointer<Element>
  @usableFromInline package let count: Int

  @inlinable
  @unsafe package init(base: UnsafeMutablePointer<Element>, count: Int) {
    unsafe self.base = base
    self.count = count
  }

  @inlinable
  package subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "index \(index) outside a view of \(count)")
      return unsafe base[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count, "index \(index) outside a view of \(count)")
      unsafe base[index] = newValue
    }
  }

  @inlinable
  package subscript(range: Range<Int>) -> View {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range \(range) outside a view of \(count)")
    return unsafe View(base: base + range.lowerBound, count: range.count)
  }

  /// Calls `body` with the elements.
  @inlinable
  package func withSpan<Result>(_ body: (Span<Element>) -> Result) -> Result {
    let elements = unsafe UnsafeBufferPointer(start: base, count: count)
    return unsafe body(elements.span)
  }

  /// Calls `body` with the elements, to be changed.
  package func withMutableSpan<Result>(_ body: (inout MutableSpan<Element>) -> Result) -> Result {
    let elements = unsafe UnsafeMutableBufferPointer(start: base, count: count)
    var span = unsafe elements.mutableSpan
    return body(&span)
  }

  package func fill(_ value: Element) {
    unsafe base.update(repeating: value, count: count)
  }

  /// Copies a view of the same size.
  package func copy(from source: View) {
    precondition(source.count == count, "copying \(source.count) elements into \(count)")
    unsafe base.update(from: source.base, count: count)
  }

  /// Asks the CPU to have an element's cache line at hand soon.
  @inlinable
  package func prefetch(_ index: Int) {
    precondition(index >= 0 && index < count, "index \(index) outside a view of \(count)")
    unsafe ck_prefetch(base + index)
  }

  /// Copies elements of the same number.
  package func copy(from source: Span<Element>) {
    precondition(source.count == count, "copying \(source.count) elements into \(count)")
    unsafe source.withUnsafeBufferPointer { elements in
      guard let start = elements.baseAddress else { return }
      unsafe base.update(from: start, count: count)
    }
  }

  /// Copies an array of the same size.
  package func copy(from source: [Element]) {
    precondition(source.count == count, "copying \(source.count) elements into \(count)")
    unsafe source.withUnsafeBufferPointer { elements in
      guard let start = elements.baseAddress else { return }
      unsafe base.update(from: start, count: count)
    }
  }

  /// A copy of the elements.
  package var array: [Element] {
    // Safe: as many elements are copied as there are here and as there is room for.
    // Not Array(UnsafeBufferPointer(…)): where nobody uses the copy, Swift 6.3 frees its memory before it is written.
    unsafe Array(unsafeUninitializedCapacity: count) { elements, writtenCount in
      unsafe _ = elements.initialize(from: UnsafeBufferPointer(start: base, count: count))
      writtenCount = count
    }
  }
}

extension View where Element == Float {
  /// Whether no element is NaN or infinite.
  package var isFinite: Bool {
    withSpan { elements in
      for index in elements.indices where !elements[index].isFinite { return false }
      return true
    }
  }

  /// Whether every element's magnitude is at most `limit`.
  package func isWithin(_ limit: Float) -> Bool {
    withSpan { elements in
      for index in elements.indices where !(abs(elements[index]) <= limit) { return false }
      return true
    }
  }

  /// The view as `rowCount` rows of `columnCount`, from its start.
  package func matrix(_ rowCount: Int, _ columnCount: Int) -> Matrix {
    precondition(rowCount * columnCount <= count, "a matrix of \(rowCount) × \(columnCount) in a view of \(count)")
    return unsafe Matrix(base: base, rowCount: rowCount, columnCount: columnCount, stride: columnCount)
  }
}
