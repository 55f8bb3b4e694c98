#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether a piece of work that is done again and again goes faster by a team or by its caller alone, found out as it
/// runs.
///
/// On an idle machine a team is faster where its parts are worth its meetings. Beside other programs it may be much
/// slower: a member that has lost its core keeps all others waiting for milliseconds, where a step takes microseconds.
/// So the rate of each way is measured in stretches of some milliseconds, waits included, and the slower one is tried
/// again from time to time: the more rarely, the more often it has lost.
package final class TeamPace {
  /// Whether the caller is to do the work alone.
  package private(set) var isAlone = false

  private var stretch = (count: 0, seconds: 0.0)
  /// Pieces of work a second, the mean of recent stretches weighted towards the last; nil where it is not known.
  private var together: Double?
  private var alone: Double?
  /// Stretches until the other way is tried.
  private var countdown = TeamPace.leastPatience
  private var patience = TeamPace.leastPatience
  private var isTrial = true

  private static let stretchSeconds = 0.002
  private static let stretchCount = 8
  private static let leastPatience = 8
  private static let mostPatience = 256

  package init() {}

  /// Takes note of how long a piece of work took in the present way.
  package func note(seconds: Double) {
    stretch.count += 1
    stretch.seconds += seconds
    guard stretch.count >= TeamPace.stretchCount && stretch.seconds >= TeamPace.stretchSeconds else { return }
    let rate = Double(stretch.count) / stretch.seconds
    stretch = (0, 0)
    if isAlone {
      alone = alone.map { ($0 + rate) / 2 } ?? rate
    } else {
      together = together.map { ($0 + rate) / 2 } ?? rate
    }
    decide()
  }

  private func decide() {
    guard let together, let alone else { return change(isTrial: true) }
    let isSlower = isAlone ? together > alone : alone > together
    if isTrial {
      isTrial = false
      patience = isSlower ? min(2 * patience, TeamPace.mostPatience) : TeamPace.leastPatience
      countdown = patience
      if isSlower { change(isTrial: false) }
    } else if !isAlone && isSlower {
      // Others have come. The way back is by a trial alone: a lone caller who is slowed down says nothing of a team.
      countdown = patience
      change(isTrial: false)
    } else {
      countdown -= 1
      if countdown <= 0 { change(isTrial: true) }
    }
  }

  /// Goes on in the other way; a trial measures it anew.
  private func change(isTrial: Bool) {
    isAlone.toggle()
    self.isTrial = isTrial
    if isTrial { if isAlone { alone = nil } else { together = nil } }
  }

  /// Seconds on a clock that only goes forward.
  static var now: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
