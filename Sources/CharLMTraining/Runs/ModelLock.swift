import CharLMFiles

/// The right to write a model and the files beside it, which one process has at a time.
///
/// It ends with this value, or with the process, however that ends. Reading a model needs no lock. On a file system without
/// locks everybody gets one.
public struct ModelLock {
  private let lock: FileLock

  /// Locks a model.
  /// - Throws: `ModelLockError.held` where another process, or another run of this one, writes the model.
  public init(modelPath: String) throws(ModelLockError) {
    do throws(FileLockError) {
      lock = try FileLock(ModelPath.lock(of: modelPath))
    } catch {
      switch error {
      case .held(_, let process): throw .held(modelPath: modelPath, process: process)
      case .file(let error): throw .file(error)
      }
    }
  }
}

/// Why a model was not locked.
public enum ModelLockError: Error, Equatable, Sendable {
  /// Somebody else writes it; the number of the process, where it is known.
  case held(modelPath: String, process: Int?)
  /// The file of the lock cannot be made.
  case file(FileError)
}

extension ModelLockError: CustomStringConvertible {
  /// One line: who has the model.
  public var description: String {
    switch self {
    case .held(let path, let process):
      "another charlm\(process.map { " (process \($0))" } ?? "") is training \(path)"
    case .file(let error): error.description
    }
  }
}
