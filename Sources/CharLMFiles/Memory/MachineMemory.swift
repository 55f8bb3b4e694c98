#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How much memory this process may use.
package enum MachineMemory {
  /// The machine's memory in bytes, or less where a limit is set: of the process's addresses (`ulimit -v`), or of its
  /// control group, as for a container.
  package static var byteCount: Int { min(machine, addressLimit, groupLimit) }

  private static var machine: Int {
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    let (count, isOverflow) = pages.multipliedReportingOverflow(by: size)
    return pages > 0 && size > 0 && !isOverflow ? count : .max
  }

  /// Addresses are also taken by the program, its libraries, and by what is reserved and not used.
  private static let ownAddresses = 256 << 20

  private static var addressLimit: Int {
    var limit = rlimit()
    // Safe: the structure lives through the call, which fills it.
    #if canImport(Glibc)
      let code = unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #else
      let code = unsafe getrlimit(RLIMIT_AS, &limit)
    #endif
    guard code == 0, limit.rlim_cur < rlim_t(Int.max) else { return .max }
    return max(Int(limit.rlim_cur) - ownAddresses, Int(limit.rlim_cur) / 2)
  }

  private static var groupLimit: Int {
    guard let text = try? Files.readPrefix("/sys/fs/cgroup/memory.max", byteCount: 32) else { return .max }
    return Int(String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)) ?? .max
  }
}
