#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Runs this program or another in a child process.
enum ChildProcess {
  /// Runs this program with arguments; as `run` with the name of one.
  static func runThisProgram(_ arguments: [String]) throws -> Int32 {
    let name = CommandLine.arguments.first ?? "charlm"
    #if os(Linux)
      return try run(name, arguments, path: "/proc/self/exe")
    #else
      return try run(name, arguments)
    #endif
  }

  /// Runs a program with arguments, sharing the standard streams, and waits for its end.
  /// - Parameters:
  ///   - program: its name, looked for in the folders of $PATH, or its path.
  ///   - path: where it is, if that is not what it is to be called.
  /// - Returns: its exit code, or 128 plus the signal that ended it.
  static func run(_ program: String, _ arguments: [String], path: String? = nil) throws -> Int32 {
    let path = path ?? program
    let environment = ProcessInfo.processInfo.environment.map { $0.key + "=" + $0.value }
    // Safe: the lists are copies of our own, ended by nil, and freed after the call, which does not keep them.
    let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    let variables = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var process = pid_t()
    let code = unsafe posix_spawnp(&process, path, nil, nil, words, variables)
    guard code == 0 else { throw CommandFailure("\(path): could not be started (error \(code))") }
    var status: Int32 = 0
    // Safe: the number lives through the call.
    while unsafe waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { throw CommandFailure("\(path): waiting for its end failed (error \(errno))") }
    }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }
}
