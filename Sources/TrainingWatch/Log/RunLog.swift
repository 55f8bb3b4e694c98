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
  /// There is nothing in it.
  case empty(path: String)
  /// Its first line is no line of a log.
  case notLog(path: String)
  /// The run has not come to its first figures.
  case noFigures(path: String)
}

extension RunLogError: CustomStringConvertible {
  /// One line: which file and what is wrong with it.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .empty(let path): "\(path): is empty"
    case .notLog(let path): "\(path): is not the log of a training"
    case .noFigures(let path): "\(path): has no figures yet"
    }
  }
}

/// The log of a run, as `RunLogWriter` and the versions before it wrote it.
public struct RunLog: Sendable {
  /// The figures, by rising steps.
  public let points: [RunPoint]
  /// The numbers of lines that could not be read and were passed over, such as a last one that was cut off.
  public let brokenLines: [Int]

  /// Reads the log at `path`.
  public init(path: String) throws(RunLogError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try Files.read(path) } catch { throw .file(error) }
    try self.init(bytes, source: path)
  }

  /// Reads a log.
  ///
  /// Where steps come again (a run was resumed from an earlier save, or begun anew), the later lines replace all from
  /// there on. Lines that cannot be read are passed over and counted; events are passed over, uncounted.
  /// - Parameter source: the name for errors.
  public init(_ bytes: [UInt8], source: String) throws(RunLogError) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    var points: [RunPoint] = []
    var (broken, count): ([Int], Int) = ([], 0)
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
    where line.contains(where: { $0 > 0x20 }) {
      guard let entry = try? decoder.decode(LogEntry.self, from: Data(line)) else {
        broken.append(number + 1)
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

  init(from decoder: any Decoder) throws {
    let event = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .event)
    self = event == nil ? .point(try RunPoint(from: decoder)) : .event
  }
}
