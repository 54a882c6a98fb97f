import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Independent pieces of work on several threads.
public enum Parallel {
  /// Processors of the machine.
  public static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Runs `body` for every number below `count` on at most `threads` threads, this one among them; throws the first error.
  static func forEach(_ count: Int, threads: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
    let shared = Shared()
    let work: @Sendable () -> Void = {
      while true {
        let index = shared.next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count, shared.failure.withLock({ $0 == nil }) else { return }
        do { try body(index) } catch { shared.failure.withLock { if $0 == nil { $0 = error } } }
      }
    }
    let helpers = (1..<max(1, min(threads, count))).map { _ in BackgroundThread(work) }
    work()
    for helper in helpers { helper.join() }
    if let error = shared.failure.withLock({ $0 }) { throw error }
  }

  private final class Shared: Sendable {
    let next = Atomic<Int>(0)
    let failure = Mutex<(any Error)?>(nil)
  }
}
