import Testing

@testable import CharLMFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder of a test's own, removed with everything in it at the end of its life.
package final class ScratchFolder {
  package let path: String

  package init() throws {
    path = "/tmp/charlm-test-" + String(UInt64.random(in: .min ... .max), radix: 36)
    try Files.ensureWritableFolder(path)
  }

  deinit { Self.removeTree(path) }

  /// The path of `name` in the folder.
  package func callAsFunction(_ name: String) -> String { Files.join(path, name) }

  /// Makes a file of `text` and gives its path.
  @discardableResult
  package func file(_ name: String, _ text: String) throws -> String {
    try Files.writeAtomically(self(name)) { (writer: inout FileWriter) throws(FileError) in try writer.write(text) }
    return self(name)
  }

  /// All names in the folder, hidden ones too, so that a temporary file that was left behind shows.
  package var contents: [String] { Self.entries(path) }

  private static func entries(_ path: String) -> [String] {
    var names: [String] = []
    // Safe: the stream is open between here and the end; an entry is used before the next is read.
    guard let stream = unsafe opendir(path) else { return [] }
    defer { unsafe _ = closedir(stream) }
    while let entry = unsafe readdir(stream) {
      let name = unsafe entry.pointer(to: \.d_name).map { field in
        unsafe String(cString: UnsafeRawPointer(field).assumingMemoryBound(to: CChar.self))
      }
      if let name, name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  package static func removeTree(_ path: String) {
    if Files.isFolder(path), !Files.isLink(path) {
      for name in entries(path) { removeTree(Files.join(path, name)) }
      // Safe: the string's terminated copy lives through the call.
      _ = unsafe rmdir(path)
    } else {
      Files.remove(path)
    }
  }
}

/// The text of the file at `path`.
package func text(of path: String) throws -> String { String(decoding: try Files.read(path), as: UTF8.self) }

/// Makes a file shorter; 0 where that succeeds.
package func truncateFile(_ path: String, to count: Int) -> Int32 {
  // Safe: the string's terminated copy lives through the call.
  unsafe truncate(path, off_t(count))
}
