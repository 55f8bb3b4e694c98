/// Why the ranks of a run cannot be joined.
public enum CommunicatorError: Error, Equatable, Sendable, CustomStringConvertible {
  /// This process was started by MPI's launcher, but MPI cannot be used here: why.
  case unavailable(String)

  /// One line.
  public var description: String {
    switch self {
    case .unavailable(let why): "this process was started as one of several ranks, but they cannot be joined: \(why)"
    }
  }
}

/// The processes that train one network together, each a rank with a number.
///
/// All that ranks tell each other passes through here. What is added up is added in the order of ranks, by ourselves, so
/// that every rank has the same sum to the last bit, whichever library has moved the bytes. Every method is collective: all
/// ranks call it, in the same order, from one thread at a time.
public final class Communicator: @unchecked Sendable {
  // Safe: by the contract above, which MPI has, too.
  private let transport: any Transport

  /// This rank's number, from 0. The first one prints and writes.
  public var rank: Int { transport.rank }
  /// The number of ranks.
  public var size: Int { transport.size }
  /// Whether there are no others.
  public var isAlone: Bool { size == 1 }
  /// Whether this is the rank that speaks and writes for all.
  public var isFirst: Bool { rank == 0 }

  private init(_ transport: any Transport) { self.transport = transport }

  /// One process by itself.
  public static let alone = Communicator(LoneTransport())

  /// The ranks that MPI's launcher (`mpirun`, `srun`) has started, this process among them; `alone` where none has. The
  /// library is opened at run time: Open MPI, MPICH and its relatives, or any with MPI 5's common ABI.
  /// - Throws: `CommunicatorError` where a launcher has started this process, but there is no library to join it with.
  public static func launched() throws(CommunicatorError) -> Communicator {
    guard MPITransport.isLaunched else { return alone }
    return Communicator(try MPITransport())
  }

  /// This process's number among those that a launcher has started, before they are joined; nil without a launcher.
  package static var launchedRank: Int? { MPITransport.launchedRank }

  /// Ranks that are threads of this process, for tests: each calls the methods of its own.
  package static func threads(_ size: Int) -> [Communicator] { ThreadTransport.ends(size).map { Communicator($0) } }

  /// The library that moves the bytes, "Open MPI v4.1.4"; nil where none is needed.
  public var library: String? { (transport as? MPITransport)?.library }

  /// The number of ranks on this machine, where the launcher tells it.
  public var localSize: Int { transport is MPITransport ? min(MPITransport.localSize ?? size, size) : 1 }

  /// Ends the connection, once all ranks ask for it: launchers end those that are still at work when one has ended.
  public func end() {
    guard let transport = transport as? MPITransport else { return }
    _ = sums([0])
    transport.end()
  }

  /// Ends all ranks at once, where this one cannot go on and the others would wait for it for ever.
  public func abort(exitCode: Int32) { (transport as? MPITransport)?.abort(exitCode: exitCode) }

  // MARK: What is told

  /// Sums over all ranks.
  package func sums(_ numbers: [Double]) -> [Double] {
    guard !isAlone else { return numbers }
    let (mine, all) = (Buffer<Double>(count: numbers.count), Buffer<Double>(count: size * numbers.count))
    mine.view.copy(from: numbers)
    transport.gather(mine.view.bytes, into: all.view.bytes)
    return numbers.indices.map { index in
      (0..<size).reduce(0) { $0 + all.view[$1 * numbers.count + index] }
    }
  }

  /// The first rank's bytes; what another gives does not matter.
  package func shared(_ bytes: [UInt8]) -> [UInt8] {
    guard !isAlone else { return bytes }
    let count = Buffer<Int>(count: 1)
    count.view[0] = bytes.count
    transport.broadcast(count.view.bytes)
    let buffer = Buffer<UInt8>(count: count.view[0])
    if isFirst { buffer.view.copy(from: bytes) }
    transport.broadcast(buffer.view)
    return buffer.view.array
  }

  /// The first rank's numbers in the place of everybody's.
  package func share(_ numbers: View<Float>) { transport.broadcast(numbers.bytes) }

  /// The bytes of all ranks, which may be of different lengths, in their order.
  package func gathered(_ bytes: [UInt8]) -> [[UInt8]] {
    guard !isAlone else { return [bytes] }
    let (length, lengths) = (Buffer<Int>(count: 1), Buffer<Int>(count: size))
    length.view[0] = bytes.count
    transport.gather(length.view.bytes, into: lengths.view.bytes)
    let counts = lengths.view.array
    let longest = max(counts.max() ?? 0, 1)
    let (mine, all) = (Buffer<UInt8>(count: longest), Buffer<UInt8>(count: size * longest))
    mine.view[0..<bytes.count].copy(from: bytes)
    transport.gather(mine.view, into: all.view)
    return counts.enumerated().map { all.view[$0 * longest..<$0 * longest + $1].array }
  }

  // MARK: For sums of many numbers

  func exchange<Element>(_ sent: View<Element>, into received: View<Element>) {
    transport.exchange(sent.bytes, into: received.bytes)
  }

  func gather<Element>(_ piece: View<Element>, into all: View<Element>) {
    transport.gather(piece.bytes, into: all.bytes)
  }
}

extension View {
  /// The same memory as bytes.
  fileprivate var bytes: View<UInt8> {
    // Safe: elements are bitwise copyable, and any memory may be seen as bytes.
    let start = unsafe UnsafeMutableRawPointer(base).assumingMemoryBound(to: UInt8.self)
    return unsafe View<UInt8>(base: start, count: count * MemoryLayout<Element>.stride)
  }
}
