import CharLMFiles
import RecurrentNN

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A command that several processes carry out together, each of them a rank.
enum Ranks {
  /// Runs a command's work, at every rank. The first one speaks for all; where any has failed, all end.
  static func run(_ work: (Communicator) throws -> Void) throws {
    let communicator: Communicator
    do throws(CommunicatorError) {
      communicator = try Communicator.launched()
    } catch {
      throw CommandFailure(
        error.description,
        next: "install Open MPI or MPICH, or name a library in CHARLM_MPI; or start charlm without a launcher")
    }
    do {
      try work(communicator)
      communicator.end()
    } catch let failure as AgreedFailure {
      // To be said before any rank ends.
      Files.writeStandardError(Array(failure.inside.line.utf8))
      communicator.end()
      var silent = failure.inside
      silent.isSilent = true
      throw silent
    } catch let failure as CommandFailure where failure == .interrupted {
      // All ranks were told, and have saved.
      communicator.end()
      throw failure
    } catch {
      throw communicator.isAlone ? error : RankFailure(inside: error, communicator: communicator)
    }
  }
}

/// What one rank has failed in by itself, while the others wait for it.
struct RankFailure: Error {
  let inside: any Error
  let communicator: Communicator

  /// Ends all ranks. What stops one may stop all: then the first one speaks, once it has saved what it can.
  func end(_ message: String, exitCode: Int32) {
    if !communicator.isFirst { sleep(10) }
    Files.writeStandardError(Array((communicator.isFirst ? message : "rank \(communicator.rank): " + message).utf8))
    communicator.abort(exitCode: exitCode)
  }
}

/// What some rank has failed in, and all know of.
struct AgreedFailure: Error {
  let inside: CommandFailure
}

extension Communicator {
  /// A command line that is wrong at every rank; the first one says it.
  func usage(_ what: String, next: String) -> AgreedFailure { agreed(.usage(what, next: next)) }

  /// A failure that all ranks know of; the first one says it.
  private func agreed(_ failure: CommandFailure) -> AgreedFailure {
    var failure = failure
    failure.isSilent = !isFirst
    return AgreedFailure(inside: failure)
  }

  /// Makes sure that a text is the same at all ranks; collective.
  /// - Parameter problem: what is wrong where it is not.
  /// - Throws: `AgreedFailure`.
  func checkSame(_ text: String, problem: (_ rank: Int) -> String, next: String) throws {
    let texts = gathered(Array(text.utf8))
    guard let other = texts.firstIndex(where: { $0 != texts[0] }) else { return }
    throw agreed(CommandFailure(problem(other), next: next))
  }

  /// Makes sure that all ranks read the same text with the same models; collective.
  func checkSame(_ models: [ModelLookup.Found], tokenCount: Int) throws {
    try checkSame(
      models.map { "\($0.path) \($0.model.created) " }.joined() + "\(tokenCount)",
      problem: { "rank \($0) has a different model or text from the first one" },
      next: "give every process the same files, and name the model with --model")
  }

  /// - Throws: where several ranks would read standard input.
  func refuseStandardInput(_ paths: [String]) throws {
    guard !isAlone, paths.contains("-") else { return }
    throw usage("standard input reaches the first process alone", next: "give a file that all can read")
  }

  /// The result of work that each rank does by itself, once all have done it; collective.
  /// - Throws: where one has failed, at all of them: `AgreedFailure`.
  func agreed<Result>(_ work: () throws -> Result) throws -> Result {
    guard !isAlone else { return try work() }
    let outcome: Swift.Result<Result, any Error> = Swift.Result { try work() }
    var failure: CommandFailure?
    if case .failure(let error) = outcome { failure = CommandFailure(anyError: error) ?? CommandFailure("\(error)") }
    let failures = gathered(failure.map { Array(($0.what + ($0.next.map { "; " + $0 } ?? "")).utf8) } ?? [])
    guard let first = failures.firstIndex(where: { !$0.isEmpty }) else { return try outcome.get() }
    let text = String(decoding: failures[first], as: UTF8.self)
    throw agreed(failure ?? CommandFailure("rank \(first): \(text)"))
  }
}
