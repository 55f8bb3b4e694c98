#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The step on a file or folder that failed.
public enum FileOperation: String, Sendable {
  /// Opening or creating a file.
  case open
  /// Reading from an open file.
  case read
  /// Writing to an open file.
  case write
  /// Making sure that what was written is on the disk.
  case sync
  /// Closing a file that was written.
  case close
  /// Giving a finished file its name.
  case rename
  /// Giving a file a second name.
  case link
  /// Taking a file's name from it.
  case remove
  /// Making a folder.
  case makeFolder
  /// Listing a folder.
  case list
  /// Asking for a file's size and kind.
  case inspect

  /// Whether the step only reads, so that a refusal means "not readable".
  var isReading: Bool {
    switch self {
    case .read, .list, .inspect: true
    case .open, .write, .sync, .close, .rename, .link, .remove, .makeFolder: false
    }
  }

  /// The step as a verb, for messages.
  var verb: String {
    switch self {
    case .makeFolder: "make the folder"
    case .open, .read, .write, .sync, .close, .rename, .link, .remove, .list, .inspect: rawValue
    }
  }
}

/// Why a file or folder could not be read or written.
///
/// `path` is the path as the caller gave it, or the folder around it where that is at fault; `code` is the system's
/// `errno`.
public enum FileError: Error, Equatable, Sendable {
  /// Nothing is there.
  case notFound(path: String)
  /// A folder is where a file was expected.
  case isFolder(path: String)
  /// The path, or a part of it, is a file where a folder was expected.
  case notFolder(path: String)
  /// A device, pipe or socket is where a regular file was to be replaced.
  case notRegularFile(path: String)
  /// A device is where something with an end was to be read.
  case endless(path: String)
  /// A device, pipe or socket is where only a regular file is read.
  case unexpectedKind(path: String)
  /// A file, or what comes from a pipe, has more bytes than are read of its kind.
  case tooLarge(path: String, limit: Int)
  /// What is made of the file needs more memory than there is, in bytes.
  case memory(path: String, needed: Int, available: Int)
  /// A link that leads nowhere is where a file was to be written.
  case linkToNothing(path: String)
  /// The system does not let this user read it.
  case notReadable(path: String, code: Int32)
  /// The system does not let this user write there.
  case notWritable(path: String, code: Int32)
  /// The disk, or this user's part of it, is full.
  case noSpace(path: String)
  /// Reading failed for another reason.
  case readFailed(path: String, operation: FileOperation, code: Int32)
  /// Writing failed for another reason.
  case writeFailed(path: String, operation: FileOperation, code: Int32)

  /// The error that belongs to `code`, an `errno`.
  ///
  /// `reading` tells the two families of cases apart where the operation alone (opening) does not.
  package init(code: Int32, _ operation: FileOperation, path: String, reading: Bool? = nil) {
    let reading = reading ?? operation.isReading
    switch code {
    case ENOENT: self = .notFound(path: path)
    case EISDIR: self = .isFolder(path: path)
    case ENOTDIR: self = .notFolder(path: path)
    case ENOSPC, EDQUOT: self = .noSpace(path: path)
    case EACCES, EPERM, EROFS:
      self = reading ? .notReadable(path: path, code: code) : .notWritable(path: path, code: code)
    default:
      self =
        reading
        ? .readFailed(path: path, operation: operation, code: code)
        : .writeFailed(path: path, operation: operation, code: code)
    }
  }
}

extension FileError: CustomStringConvertible {
  /// One line: the path, and what is wrong with it.
  public var description: String {
    switch self {
    case .notFound(let path): "\(path): no such file or folder"
    case .isFolder(let path): "\(path): is a folder, not a file"
    case .notFolder(let path): "\(path): is not a folder, or lies below something that is not"
    case .notRegularFile(let path): "\(path): is a device, pipe or socket, which is not replaced by a file"
    case .endless(let path): "\(path): is a device, which need not have an end"
    case .unexpectedKind(let path): "\(path): is a device, pipe or socket, not a file"
    case .tooLarge(let path, let limit): "\(path): is larger than \(limit >> 20) MB, the most that is read here"
    case .memory(let path, let needed, let available):
      "\(path): needs \(needed >> 20) MB of memory, but there are \(available >> 20) MB"
    case .linkToNothing(let path): "\(path): is a link to a file that does not exist"
    case .notReadable(let path, let code): "\(path): cannot be read (\(Self.text(of: code)))"
    case .notWritable(let path, let code): "\(path): cannot be written (\(Self.text(of: code)))"
    case .noSpace(let path): "\(path): no space left on the disk"
    case .readFailed(let path, .read, let code): "\(path): reading failed (\(Self.text(of: code)))"
    case .writeFailed(let path, .write, let code): "\(path): writing failed (\(Self.text(of: code)))"
    case .readFailed(let path, let operation, let code), .writeFailed(let path, let operation, let code):
      "\(path): could not \(operation.verb) (\(Self.text(of: code)))"
    }
  }

  /// The system's words for `code`.
  private static func text(of code: Int32) -> String {
    // Safe: strerror gives a terminated string for every code; it is copied at once.
    unsafe String(cString: strerror(code))
  }
}
