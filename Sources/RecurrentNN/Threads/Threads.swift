import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the deepest kernel needs (tiles of a product in bfloat16: 0.3 MB) and room for what calls it; the usual stack of a
/// thread may be smaller (Musl, `ulimit -s`).
private let leastStackSize = 1 << 20

/// Starts a thread that runs `body`.
func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
  let argument = unsafe Unmanaged.passRetained(ThreadBody(run: body)).toOpaque()
  #if canImport(Darwin)
    var thread: pthread_t?
  #else
    var thread = pthread_t()
  #endif
  var (attributes, stackSize) = (pthread_attr_t(), 0)
  unsafe pthread_attr_init(&attributes)
  unsafe pthread_attr_getstacksize(&attributes, &stackSize)
  if stackSize < leastStackSize { unsafe pthread_attr_setstacksize(&attributes, leastStackSize) }
  let status = unsafe pthread_create(&thread, &attributes, threadMain, argument)
  unsafe pthread_attr_destroy(&attributes)
  if status != 0 { Exhaustion.end("a worker thread could not be started: error \(status)") }
  #if canImport(Darwin)
    guard let thread else { preconditionFailure("a worker thread without a handle") }
  #endif
  return thread
}

/// Starts a thread that runs `body` and that nobody waits for.
package func startDetachedThread(_ body: @escaping @Sendable () -> Void) {
  pthread_detach(startThread(body))
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(run: @escaping @Sendable () -> Void) { self.run = run }
}

#if canImport(Darwin)
  private func threadMain(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
    return nil
  }
#else
  private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
    return nil
  }
#endif

/// Runs `body` on the calling thread with a worker's settings (denormals as zero, one OpenMP thread) and restores the
/// thread's own afterwards: for work too small for a pool, such as one step of one stream.
package func withEngineSettings<Result>(_ body: () -> Result) -> Result {
  let former = ck_thread_enter()
  defer { ck_thread_leave(former) }
  return body()
}
