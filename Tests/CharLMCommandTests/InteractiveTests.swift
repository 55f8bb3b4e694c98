import Foundation
import TestSupport
import Testing

@testable import CharLMCommand

/// `charlm sample --interactive` at a pseudo-terminal, and away from one.
@Suite struct InteractiveTests {
  @Test("without a terminal it is refused")
  func noTerminal() throws {
    let folder = try WorkFolder()
    let run = try folder.charlm("sample", "--interactive", input: "abc\n")
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(
      run.errors == "charlm: --interactive needs a terminal; standard input is none; "
        + "leave it out, and give the text with --seed or --seed-file\n")
  }

  @Test(
    "lines are text or commands",
    arguments: [
      ("", SessionCommand.text("")), ("Once \\n", .text("Once \n")), ("//a", .text("/a")), ("/undo", .undo),
      ("/retry", .retry), ("/pick", .pick(nil)), ("/pick 3", .pick(3)), ("/save a b.txt", .save("a b.txt")),
      ("/temperature 0.5", .set("temperature", "0.5")), ("/min-p off", .set("min-p", nil)),
      ("/length 5", .set("length", "5")),
      ("/new a b", .new("a b")), ("/quit", .quit), ("/help", .help), ("/settings", .settings), ("/show", .show),
      ("/fly", .unknown("/fly")), ("/save", .unknown("/save")), ("/", .unknown("/")),
    ])
  func lines(_ line: String, _ command: SessionCommand) {
    #expect(SessionCommand(line) == command)
  }

  #if os(Linux)
    @Test("somebody types, the model goes on; turns are taken back, chosen, and saved")
    func session() throws {
      let folder = try WorkFolder()
      try folder.file("words.txt", TestCorpus.words(400))
      try #require(try folder.charlm(["train"] + TestCorpus.smallSettings(with: []) + ["words.txt"]).status == 0)
      let terminal = try PseudoTerminal(
        ["sample", "--interactive", "--length", "20", "--random-seed", "1"], in: folder.path)
      defer { terminal.end() }
      try terminal.expect("> ")
      terminal.send("bado\n")
      try terminal.expect("bado", "> ")
      terminal.send("/temperature 0\n/settings\n")
      try terminal.expect("/length 20", "/temperature 0", "> ")
      terminal.send("/temperature hot\n")
      try terminal.expect("hot", "> ")
      terminal.send("☃\n")
      try terminal.expect("not in the vocabulary", "> ")
      terminal.send("/pick 2\n")
      try terminal.expect("  1  ", "  2  ", "or nothing: ")
      terminal.send("2\n")
      try terminal.expect("> ")
      terminal.send("/undo\n/undo\n/undo\n")
      try terminal.expect("nothing to take back", "> ")
      // Control-C ends what is written, and not the program.
      terminal.send("/length 1000000\n")
      try terminal.expect("> ")
      for text in ["", "/new kilu"] {
        terminal.send(text + "\n")
        try terminal.expect("\n", " ", " ", " ")
        terminal.send("\u{3}")
        try terminal.expect("\n> ")
      }
      terminal.send("/save out.txt\n/save out.txt\n")
      try terminal.expect("written to out.txt", "out.txt is there already", "> ")
      terminal.send("/quit\n")
      #expect(terminal.waitForEnd() == 0)
      let saved = String(decoding: try folder.bytes("out.txt"), as: UTF8.self)
      #expect(saved.hasPrefix("kilu") && saved.count > 4)
    }
  #endif
}

#if os(Linux)
  /// The program at a terminal of its own.
  final class PseudoTerminal {
    private let master: Int32
    private let process: pid_t
    private var shown = ""
    private var hasEnded = false

    init(_ arguments: [String], in folder: String) throws {
      // The functions that wrap this (grantpt, unlockpt, ptsname) are not in Swift's module of the C library.
      // Safe: strings and variables live through the calls, and what is duplicated until the program has its own copy.
      let master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
      var (isLocked, number): (Int32, UInt32) = (0, 0)
      let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)  // TIOCSPTLCK, TIOCGPTN
      guard master >= 0, unsafe ioctl(master, setLock, &isLocked) == 0,
        unsafe ioctl(master, getNumber, &number) == 0
      else {
        throw Failure(description: "no pseudo-terminal")
      }
      let slave = "/dev/pts/\(number)"
      // A shell opens the terminal in a session of its own, so that it is the one that Control-C is for.
      let line = "cd '\(folder)' && exec '\(CharLMRun.program)' " + arguments.map { "'\($0)'" }.joined(separator: " ")
      var actions = unsafe posix_spawn_file_actions_t()
      unsafe posix_spawn_file_actions_init(&actions)
      defer { unsafe posix_spawn_file_actions_destroy(&actions) }
      for descriptor in 0...2 as ClosedRange<Int32> {
        unsafe posix_spawn_file_actions_addopen(&actions, descriptor, slave, O_RDWR, 0)
      }
      var attributes = posix_spawnattr_t()
      unsafe posix_spawnattr_init(&attributes)
      defer { unsafe posix_spawnattr_destroy(&attributes) }
      unsafe posix_spawnattr_setflags(&attributes, 0x80)  // POSIX_SPAWN_SETSID
      let command = ["sh", "-c", line]
      let words = unsafe command.map { unsafe strdup($0) } + [nil]
      let environment = ["TERM=xterm", "LANG=C.UTF-8", "PATH=/usr/bin:/bin"]
      let variables = unsafe environment.map { unsafe strdup($0) } + [nil]
      defer { unsafe (words + variables).forEach { unsafe free($0) } }
      var process = pid_t()
      let code = unsafe posix_spawn(&process, "/bin/sh", &actions, &attributes, words, variables)
      guard code == 0 else { throw Failure(description: "no shell: error \(code)") }
      (self.master, self.process) = (master, process)
    }

    /// Types.
    func send(_ text: String) {
      // Safe: the bytes live through the call.
      _ = unsafe Array(text.utf8).withUnsafeBytes { unsafe write(master, $0.baseAddress, $0.count) }
    }

    /// Waits until all these texts came, one after the other, for at most a minute each.
    func expect(_ texts: String...) throws {
      for text in texts {
        let deadline = Date().addingTimeInterval(60)
        while true {
          if let range = shown.range(of: text) {
            shown = String(shown[range.upperBound...])
            break
          }
          shown = String(shown.suffix(1000))
          guard Date() < deadline, read() else { throw Failure(description: "'\(text)' did not come after '\(shown)'") }
        }
      }
    }

    private func read() -> Bool {
      var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      // Safe: both variables live through the calls, and the second has so many bytes.
      guard unsafe poll(&waiting, 1, 1000) >= 0 else { return errno == EINTR }
      guard waiting.revents & Int16(POLLIN) != 0 else { return waiting.revents & Int16(POLLHUP) == 0 }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = unsafe Foundation.read(master, &bytes, bytes.count)
      guard count > 0 else { return false }
      shown += String(decoding: bytes[..<count], as: UTF8.self)
      return true
    }

    /// The exit code.
    func waitForEnd() -> Int32 {
      while read() {}
      var status: Int32 = 0
      // Safe: the variable lives through the call.
      unsafe waitpid(process, &status, 0)
      hasEnded = true
      return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    /// Ends the program if it goes on.
    func end() {
      if !hasEnded {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
      }
      close(master)
    }
  }
#endif
