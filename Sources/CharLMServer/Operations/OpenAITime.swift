#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Points in time as OpenAI's clients read them: seconds since 1970.
enum OpenAITime {
  static var now: Int { Int(Date.now.timeIntervalSince1970) }

  /// Those of a time in ISO 8601, with or without fractions; 0 where it is none.
  static func seconds(of timestamp: String) -> Int {
    let styles = [Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle()]
    let date = styles.lazy.compactMap { try? $0.parse(timestamp) }.first
    return date.map { Int($0.timeIntervalSince1970) } ?? 0
  }
}
