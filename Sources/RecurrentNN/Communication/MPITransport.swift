import CMPI
import CharLMFiles

/// Ranks that are processes, started by `mpirun` or the like, and joined by the MPI library that is installed.
final class MPITransport: Transport {
  let rank: Int
  let size: Int
  /// "Open MPI v4.1.4".
  let library: String

  /// Whether a launcher of MPI has started this process, with others.
  static var isLaunched: Bool {
    let names = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK", "MPI_LOCALNRANKS"]
    return names.contains { Files.environment($0) != nil } && launchedSize != 1
  }

  /// The number of processes that were started together, where the launcher tells it.
  private static var launchedSize: Int? { number(["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"]) }

  /// This process's number among them.
  static var launchedRank: Int? { number(["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"]) }

  /// How many of them are on this machine.
  static var localSize: Int? {
    number(["OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS", "SLURM_TASKS_PER_NODE", "SLURM_NTASKS_PER_NODE"])
  }

  /// The number in the first of these variables that has one. (Slurm writes "2(x8)" for two on each of eight machines.)
  private static func number(_ names: [String]) -> Int? {
    names.lazy.compactMap { Files.environment($0).flatMap { Int($0.prefix { $0.isNumber }) } }.first
  }

  /// Starts MPI. The environment variable CHARLM_MPI names another library than the launcher's.
  init() throws(CommunicatorError) {
    let problem = unsafe cm_start(Files.environment("CHARLM_MPI"))
    if let problem = unsafe problem { throw .unavailable(unsafe String(cString: problem)) }
    (rank, size) = (Int(cm_rank()), Int(cm_size()))
    library = unsafe String(cString: cm_library())
    if size == 1, let launched = MPITransport.launchedSize, launched > 1 {
      throw .unavailable("\(library) does not belong to the launcher, which has started \(launched)")
    }
  }

  func exchange(_ sent: View<UInt8>, into received: View<UInt8>) {
    checkSize(sent.count / size)
    check(unsafe cm_exchange(sent.base, received.base, sent.count / size))
  }

  func gather(_ piece: View<UInt8>, into all: View<UInt8>) {
    checkSize(piece.count)
    check(unsafe cm_gather(piece.base, all.base, piece.count))
  }

  func broadcast(_ bytes: View<UInt8>) { check(unsafe cm_broadcast(bytes.base, bytes.count)) }

  /// Ends MPI, in every rank.
  func end() { cm_end() }

  /// Ends every rank, this one too.
  func abort(exitCode: Int32) -> Never {
    cm_abort(exitCode)
    fatalError("MPI_Abort returned")
  }

  /// MPI counts what ranks exchange in 32 bits.
  private func checkSize(_ byteCount: Int) {
    if byteCount > Int(Int32.max) {
      Exhaustion.end(
        "a layer is too large to be shared by \(size) processes, which would send each other \(byteCount) bytes at once: "
          + "use more processes, or a smaller network")
    }
  }

  /// MPI's own handler has usually ended all ranks before a failure could be told.
  private func check(_ isDone: Int32) {
    if isDone == 0 { Exhaustion.end("the ranks cannot reach each other any more") }
  }
}
