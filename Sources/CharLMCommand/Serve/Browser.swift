import Dispatch

/// The user's browser.
enum Browser {
  /// Opens a page, where the system says how; otherwise says that it could not. Returns at once.
  static func open(_ page: String, _ console: Console) {
    #if os(macOS)
      let program = "open"
    #else
      let program = "xdg-open"
    #endif
    // Such a program may stay for as long as the browser does.
    DispatchQueue.global().async {
      let isThere = ChildProcess.isInstalled(program)
      let status = isThere ? try? ChildProcess.run(program, [page], input: "/dev/null", output: "/dev/null") : nil
      if status != 0 { console.say("no browser could be opened; open the page yourself") }
    }
  }
}
