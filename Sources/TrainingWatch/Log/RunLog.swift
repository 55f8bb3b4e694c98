import CharLMFiles

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Why a file cannot be read as the log of a run.
public enum RunLogError: Error, Equatable, Sendable {
  /// The file cannot be read.
  case file(FileError)
  /// The file is empty.
  case empty(path: String)
  /// None of its lines is a line of a log.
  case notLog(path: String)
  /// The run has not logged any figures yet.
  case noFigures(path: String)
}

extension RunLogError: CustomStringConvertible {
  /// One line: which file and what is wrong with it.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .empty(let path): "\(path): is empty"
    case .notLog(let path): "\(path): is not the log of a training run"
    case .noFigures(let path): "\(path): has no figures yet"
    }
  }
}

/// The log of a run, as `RunLogWriter` writes it.
public struct RunLog: Sendable {
  /// The figures, in order of steps.
  public let points: [RunPoint]
  /// The numbers of lines that could not be read and were skipped, such as a truncated last one.
  public let brokenLines: [Int]

  /// Reads the log at `path`.
  public init(path: String) throws(RunLogError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try Files.read(path) } catch { throw .file(error) }
    try self.init(bytes, source: path)
  }

  /// Reads a log.
  ///
  /// Where steps are repeated (a run was resumed from an earlier save, or started again), the later lines replace
  /// everything from there on. Lines that cannot be read are skipped and listed in `brokenLines`; events are skipped.
  /// - Parameter source: the name for errors.
  public init(_ bytes: [UInt8], source: String) throws(RunLogError) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    var points: [RunPoint] = []
    var (broken, count): ([Int], Int) = ([], 0)
    for (number, line) in LogLines(bytes) where line.contains(where: { $0 > 0x20 }) {
      guard JSONLimits.areKept(by: line), let entry = try? decoder.decode(LogEntry.self, from: Data(line)),
        entry.isPossible
      else {
        broken.append(number)
        continue
      }
      count += 1
      switch entry {
      case .point(let point):
        while let last = points.last, last.step >= point.step { points.removeLast() }
        points.append(point)
      case .event: break
      }
    }
    if count == 0 { throw broken.isEmpty ? .empty(path: source) : .notLog(path: source) }
    if points.isEmpty { throw .noFigures(path: source) }
    (self.points, brokenLines) = (points, broken)
  }
}

/// A line of a log.
private enum LogEntry: Decodable {
  case point(RunPoint)
  case event

  private enum CodingKeys: String, CodingKey { case event }

  /// No run takes a step before the first.
  var isPossible: Bool {
    switch self {
    case .point(let point): point.step >= 0
    case .event: true
    }
  }

  init(from decoder: any Decoder) throws {
    let event = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .event)
    self = event == nil ? .point(try RunPoint(from: decoder)) : .event
  }
}
