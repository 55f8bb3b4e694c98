/// A parameter's place in the flat buffer of its store.
public struct ParameterLayout: Hashable, Sendable {
  /// PyTorch's name, such as `rnn.weight_ih_l0`.
  public let name: String
  /// The sizes, outermost first: (rows, columns) of a weight, (size) of a bias.
  public let shape: [Int]
  /// Where it starts in the flat buffer, in floats.
  public let offset: Int

  /// The number of values.
  public var count: Int { shape.reduce(1, *) }
  package var range: Range<Int> { offset..<offset + count }
}

/// Parameters of a model in one flat buffer: names, shapes, offsets, values.
///
/// Optimizer, clipping, averaging and checkpoint are loops over this buffer and know nothing of layers.
/// Each parameter begins on a cache line; the gaps are zero and stay so.
///
///     | embedding.weight | rnn.weight_ih_l0 | rnn.weight_hh_l0 | … | decoder.bias |
public final class ParameterStore {
  /// Every parameter, in order.
  public let layouts: [ParameterLayout]
  /// The length of the flat buffer in floats, gaps included.
  public let flatCount: Int
  private let indexByName: [String: Int]
  private let buffer: Buffer<Float>
  private var gradientStore: ParameterStore?
  /// Counts the changes of the values, so that packed copies know whether they are of today.
  package private(set) var version = 0

  /// A store of zeros for parameters of these names and shapes.
  /// - Precondition: names are unique and sizes positive.
  public init(_ shapes: [(name: String, shape: [Int])]) {
    var layouts: [ParameterLayout] = []
    var indexByName: [String: Int] = [:]
    var offset = 0
    for (name, shape) in shapes {
      require(shape.allSatisfy { $0 > 0 }, "parameter \(name) has the shape \(shape)")
      let former = indexByName.updateValue(layouts.count, forKey: name)
      require(former == nil, "two parameters are called \(name)")
      let layout = ParameterLayout(name: name, shape: shape, offset: offset)
      layouts.append(layout)
      offset += ParameterStore.spacedCount(of: shape)
    }
    self.layouts = layouts
    self.indexByName = indexByName
    flatCount = offset
    buffer = Buffer(count: offset)
  }

  /// The floats that a parameter takes, with the gap behind it.
  private static func spacedCount(of shape: [Int]) -> Int { (shape.reduce(1, *) + 15) / 16 * 16 }

  /// The length of the flat buffer that a store of these parameters would have.
  package static func flatCount(of shapes: [(name: String, shape: [Int])]) -> Int {
    shapes.reduce(0) { $0 + spacedCount(of: $1.shape) }
  }

  /// A store of zeros of the same layout, for gradients and moments.
  package init(like other: ParameterStore) {
    layouts = other.layouts
    indexByName = other.indexByName
    flatCount = other.flatCount
    buffer = Buffer(count: other.flatCount)
  }

  /// The number of parameters, gaps not counted.
  public var parameterCount: Int { layouts.reduce(0) { $0 + $1.count } }

  package var flat: View<Float> { buffer.view }

  /// The layout of the parameter of this name, or nil.
  public func layout(named name: String) -> ParameterLayout? { indexByName[name].map { layouts[$0] } }

  /// The values of a parameter as (rows, columns); a bias is one row.
  package func matrix(named name: String) -> Matrix {
    guard let layout = layout(named: name) else { fatalError("no parameter is called \(name)") }
    let columnCount = layout.shape[layout.shape.count - 1]
    return flat[layout.range].matrix(layout.count / columnCount, columnCount)
  }

  package func view(named name: String) -> View<Float> { matrix(named: name).view }

  /// A copy of a parameter's values, row-major.
  public func values(named name: String) -> [Float] { view(named: name).array }

  /// Sets a parameter's values, row-major.
  /// - Precondition: `values` has the parameter's count.
  public func setValues(_ values: [Float], named name: String) {
    let place = view(named: name)
    require(values.count == place.count, "\(values.count) values for \(name), which has \(place.count)")
    place.copy(from: values)
    noteChange()
  }

  /// To be called after the values were changed through a view.
  package func noteChange() { version += 1 }
}

// MARK: Gradients

extension ParameterStore {
  /// The gradients of all parameters, in the same layout; zeros until a backward pass reached them.
  package var gradients: ParameterStore {
    if let gradientStore { return gradientStore }
    let store = ParameterStore(like: self)
    gradientStore = store
    return store
  }

  /// Sets all gradients to zero.
  public func zeroGradients() { gradientStore?.flat.fill(0) }
}
