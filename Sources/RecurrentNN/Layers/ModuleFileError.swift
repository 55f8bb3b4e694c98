import CharLMFiles

/// Why a module was not saved or loaded.
public enum ModuleFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file cannot be read or written, is not a safetensors file, or is damaged.
  case file(SafetensorsError)
  /// The tensors of `source` are not the module's parameters.
  case module(source: String, ModuleFlaw)

  /// One line: which file, and what is wrong with it.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .module(let source, let flaw): "\(source): \(flaw)"
    }
  }
}

/// In what a file and a module differ.
public enum ModuleFlaw: Error, Equatable, Sendable, CustomStringConvertible {
  /// A parameter is missing from the file.
  case missingTensor(String, expected: [Int])
  /// The module has no parameter of the tensor's name.
  case unexpectedTensor(String, found: [Int])
  /// A tensor of another shape than the parameter's.
  case shape(String, expected: [Int], found: [Int])
  /// A tensor of whole numbers; `type` is its name in the file, such as I64.
  case notFloating(String, type: String)
  /// Two parameters of the module have the same name.
  case duplicateName(String)

  /// What is wrong, naming the tensor, without the file.
  public var description: String {
    switch self {
    case .missingTensor(let name, let expected): "the tensor \(name) of shape \(expected) is missing"
    case .unexpectedTensor(let name, let found): "the module has no parameter \(name) of shape \(found)"
    case .shape(let name, let expected, let found): "the tensor \(name) has the shape \(found), not \(expected)"
    case .notFloating(let name, let type): "the tensor \(name) is of type \(type), not of floating-point numbers"
    case .duplicateName(let name):
      "two parameters of the module are called \(name): its parts need names of their own, by `children`"
    }
  }
}
