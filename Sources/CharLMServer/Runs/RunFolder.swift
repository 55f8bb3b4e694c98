import CharLMFiles
import TrainingWatch

/// A folder with the logs of runs, as `charlm train --log` writes them.
struct RunFolder: Sendable {
  let path: String

  /// The longest log that is read, in bytes.
  private static let longestLog = 1 << 26
  private static let suffix = ".jsonl"

  /// Where the log of a run of this name is.
  func logPath(_ name: String) -> String { Files.join(path, name + RunFolder.suffix) }

  /// Where its model is, if it trains here.
  func modelPath(_ name: String) -> String { Files.join(path, name + ".safetensors") }

  /// A log in the folder.
  struct Run {
    /// The file's name without its extension.
    let name: String
    let byteCount: Int
  }

  /// The logs that are there, by name.
  var runs: [Run] {
    get throws(RequestError) {
      do throws(FileError) {
        let names = try Files.names(in: path, suffix: RunFolder.suffix).sorted()
        return names.map { name in
          Run(
            name: String(name.dropLast(RunFolder.suffix.count)),
            byteCount: (try? Files.size(Files.join(path, name))) ?? 0)
        }
      } catch {
        throw RequestError(status: .notFound, message: "the folder of runs cannot be read: \(error)")
      }
    }
  }

  /// The bytes of a run's log.
  /// - Throws: `RequestError` where the folder has no such run: the name is looked up, and opens no other file.
  func log(of name: String, field: String) throws(RequestError) -> [UInt8] {
    guard let run = try runs.first(where: { $0.name == name }) else {
      throw RequestError(status: .notFound, message: "there is no run '\(name.prefix(100))' here", field: field)
    }
    guard run.byteCount <= RunFolder.longestLog else {
      throw .wrong(field, "is a log of \(run.byteCount) bytes; \(RunFolder.longestLog) can be read")
    }
    do throws(FileError) {
      return try Files.read(logPath(name), limit: RunFolder.longestLog)
    } catch {
      throw RequestError(status: .notFound, message: "the run cannot be read: \(error)", field: field)
    }
  }
}
