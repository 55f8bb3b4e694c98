import CharLMFiles

/// A folder with the texts that clients may have a model trained on.
struct CorpusFolder: Sendable {
  let path: String

  /// The names of the files in it.
  var names: [String] {
    get throws(RequestError) {
      do throws(FileError) { return try Files.names(in: path) } catch {
        throw RequestError(status: .notFound, message: "the folder of corpora cannot be read: \(error)")
      }
    }
  }

  /// The path of a file.
  /// - Throws: `RequestError` where the folder has no such file: the name is looked up, and opens no other.
  func path(of name: String, field: String) throws(RequestError) -> String {
    guard try names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
      throw RequestError(
        status: .notFound, message: "there is no corpus '\(name.prefix(100))' here; see /api/corpora", field: field)
    }
    return Files.join(path, name)
  }
}
