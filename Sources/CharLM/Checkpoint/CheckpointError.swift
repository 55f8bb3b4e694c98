import CharLMFiles

/// Why a checkpoint was not read or not written.
public enum CheckpointError: Error, Equatable, Sendable {
  /// The file could not be read or written at all; the path is inside.
  case file(FileError)
  /// The bytes of `source` are not a safetensors file that this reader accepts, or would not be one once written.
  case invalid(source: String, SafetensorsFlaw)
  /// The file is safetensors, but not a model that this version can use.
  case model(source: String, ModelFlaw)
}

extension CheckpointError {
  /// Why the file below a checkpoint was not read or not written.
  package init(_ error: SafetensorsError) {
    switch error {
    case .file(let error): self = .file(error)
    case .invalid(let source, let flaw): self = .invalid(source: source, flaw)
    }
  }
}

extension CheckpointError: CustomStringConvertible {
  /// One line: which file, and what is wrong with it.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .invalid(let source, let flaw): "\(source): \(flaw)"
    case .model(let source, let flaw): "\(source): \(flaw.description)"
    }
  }
}
