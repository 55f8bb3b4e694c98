/// Where a path leads, whichever way it is written: equal for two paths to the same file, through links too, and for two
/// paths to a file that is yet to be made.
package struct FilePlace: Hashable, Sendable {
  private let device: Int
  private let number: UInt64
  /// The names of what is not there yet, below what is.
  private let missing: [String]

  /// The place of `path`.
  package init(_ path: String) {
    let names = path.split(separator: "/").filter { $0 != "." }
    let start = path.hasPrefix("/") ? "/" : "./"
    // Nothing is found under a path that is longer than the system takes.
    var byteCount = 0
    var count = names.prefix { name in
      byteCount += name.utf8.count + 1
      return byteCount <= 4096
    }.count
    var found = SystemCall.status(start + names.prefix(count).joined(separator: "/"))
    while found.code != 0, count > 0 {
      count -= 1
      found = SystemCall.status(start + names.prefix(count).joined(separator: "/"))
    }
    (device, number) = (found.1.device, found.1.number)
    missing = names.dropFirst(count).map(String.init)
  }
}
