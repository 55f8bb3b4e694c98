// Which kernels serve, memory, and the settings of threads.

import CKernels
import Testing

@Suite("System")
struct SystemTests {
  @Test("the plain table is always there, and each table says what it is")
  func tables() {
    #expect(Table.available.contains(.plain))
    for table in Table.available {
      #expect(table.kernels.isa == table.isa)
      #expect(String(cString: table.kernels.name) == table.rawValue)
    }
    #expect(Table.available.contains { $0.isa == ck_kernels_active().pointee.isa })
  }

  @Test("memory is zeroed, aligned and given back", arguments: [0, 1, 64, 1000, 4 << 20, (5 << 20) + 3])
  func memory(bytes: Int) throws {
    let memory = try #require(ck_allocate(bytes))
    defer { ck_deallocate(memory, bytes) }
    #expect(UInt(bitPattern: memory).isMultiple(of: 64))
    let contents = UnsafeRawBufferPointer(start: memory, count: bytes)
    #expect(stride(from: 0, to: bytes, by: 61).allSatisfy { contents[$0] == 0 })
    memory.initializeMemory(as: UInt8.self, repeating: 1, count: bytes)
  }

  @Test("more memory than there is gives null")
  func shortMemory() {
    #expect(ck_allocate(.max) == nil)
    #expect(ck_allocate(1 << 60) == nil)
    ck_deallocate(nil, 100)
  }

  @Test("a thread's settings hold between enter and leave, and no longer")
  func threadSettings() {
    /// A denormal result that the compiler cannot foresee.
    func halvedSmallest() -> Float {
      let y = Buffer([Float.leastNormalMagnitude])
      Table.plain.kernels.scale(1, 0.5, y.pointer)
      return y.values[0]
    }
    let before = halvedSmallest()
    #expect(before == .leastNormalMagnitude / 2)
    let settings = ck_thread_enter()
    let within = halvedSmallest()
    let nested = ck_thread_enter()
    ck_thread_leave(nested)
    let afterNested = halvedSmallest()
    ck_thread_leave(settings)
    #expect(within == 0 && afterNested == 0)
    #expect(halvedSmallest() == before)
    let again = ck_thread_enter()
    ck_thread_leave(again)
    #expect(again.openmp_threads == settings.openmp_threads)
  }
}
