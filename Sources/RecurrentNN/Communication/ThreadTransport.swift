/// Ranks that are threads of one process: for tests, which need no MPI then.
final class ThreadTransport: Transport {
  let rank: Int
  var size: Int { meeting.size }
  private let meeting: Meeting

  private init(rank: Int, _ meeting: Meeting) { (self.rank, self.meeting) = (rank, meeting) }

  /// As many ends as ranks, each for a thread of its own.
  static func ends(_ size: Int) -> [ThreadTransport] {
    let meeting = Meeting(size: size)
    return (0..<size).map { ThreadTransport(rank: $0, meeting) }
  }

  func exchange(_ sent: View<UInt8>, into received: View<UInt8>) {
    let piece = received.count / size
    meeting.show(sent, of: rank) { shown in
      for (number, bytes) in shown.enumerated() {
        received[number * piece..<(number + 1) * piece].copy(from: bytes[rank * piece..<(rank + 1) * piece])
      }
    }
  }

  func gather(_ piece: View<UInt8>, into all: View<UInt8>) {
    meeting.show(piece, of: rank) { shown in
      for (number, bytes) in shown.enumerated() {
        all[number * piece.count..<(number + 1) * piece.count].copy(from: bytes)
      }
    }
  }

  func broadcast(_ bytes: View<UInt8>) {
    meeting.show(bytes, of: rank) { shown in if rank > 0 { bytes.copy(from: shown[0]) } }
  }
}

/// Where the threads meet: each shows its bytes, reads those of the others, and goes on when all have read.
private final class Meeting: @unchecked Sendable {
  // Safe: the fields are read and written under the lock, save `shown`, which nobody changes between the two barriers of
  // `show`.
  let size: Int
  private let monitor = Monitor()
  private var shown: [View<UInt8>?]
  private var (arrivedCount, round) = (0, 0)

  init(size: Int) {
    self.size = size
    shown = Array(repeating: nil, count: size)
  }

  func show(_ bytes: View<UInt8>, of rank: Int, read: ([View<UInt8>]) -> Void) {
    barrier { shown[rank] = bytes }
    read(shown.compactMap(\.self))
    barrier {}
  }

  /// Returns when all threads have called it, each of which has made its change then.
  private func barrier(_ change: () -> Void) {
    let present = monitor.change {
      change()
      arrivedCount += 1
      let present = round
      if arrivedCount == size { (arrivedCount, round) = (0, round + 1) }
      return present
    }
    monitor.wait(until: { round != present }) {}
  }
}
