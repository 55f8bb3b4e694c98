#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

import CharLMFiles

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Runs this program or another in a child process.
enum ChildProcess {
  /// Runs this program with arguments, sharing the standard streams, and waits for its end. A signal that ends this
  /// process ends both.
  /// - Returns: its exit code, or 128 plus the signal that ended it.
  static func runThisProgram(_ arguments: [String]) throws -> Int32 {
    let name = CommandLine.arguments.first ?? "charlm"
    #if os(Linux)
      let path = "/proc/self/exe"
    #else
      let path = name
    #endif
    // Safe: no actions are none.
    let process = try unsafe start(name, arguments, path: path, actions: nil)
    Interruption.beginPassing(to: process)
    defer { Interruption.endCounting() }
    return try end(of: process, name)
  }

  /// Runs a program with arguments, sharing the standard streams, and waits for its end.
  /// - Parameter program: its name, looked for in the folders of $PATH, or its path.
  /// - Returns: its exit code, or 128 plus the signal that ended it.
  static func run(_ program: String, _ arguments: [String]) throws -> Int32 {
    // Safe: no actions are none.
    try end(of: unsafe start(program, arguments, path: program, actions: nil), program)
  }

  /// The same, reading a file, writing another, and saying nothing.
  static func run(_ program: String, _ arguments: [String], input: String, output: String) throws -> Int32 {
    // Safe (here and below): the actions live through the calls, which copy the paths.
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    return try end(of: unsafe start(program, arguments, path: program, actions: &actions), program)
  }

  /// Whether a program of this name is in one of the folders of $PATH.
  static func isInstalled(_ program: String) -> Bool {
    let folders = (Files.environment("PATH") ?? "").split(separator: ":")
    // Safe: the string's terminated copy lives through the call.
    return folders.contains { unsafe access(Files.join(String($0), program), X_OK) == 0 }
  }

  private static func start(
    _ program: String, _ arguments: [String], path: String, actions: UnsafePointer<posix_spawn_file_actions_t>?
  ) throws -> pid_t {
    let environment = ProcessInfo.processInfo.environment.map { $0.key + "=" + $0.value }
    // Safe: the lists are copies of our own, ended by nil, and freed after the call, which does not keep them.
    let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    let variables = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var process = pid_t()
    let code = unsafe posix_spawnp(&process, path, actions, nil, words, variables)
    guard code == 0 else { throw CommandFailure("\(path): could not be started (error \(code))") }
    return process
  }

  private static func end(of process: pid_t, _ program: String) throws -> Int32 {
    var status: Int32 = 0
    // Safe: the number lives through the call.
    while unsafe waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { throw CommandFailure("\(program): waiting for its end failed (error \(errno))") }
    }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }
}
