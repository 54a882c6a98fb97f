#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A thread of the system that runs one closure.
final class BackgroundThread: Sendable {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  #if canImport(Glibc)
    private let thread: pthread_t
  #else
    private nonisolated(unsafe) let thread: pthread_t
  #endif

  init(_ run: @escaping @Sendable () -> Void) {
    let body = Unmanaged.passRetained(Body(run)).toOpaque()
    #if canImport(Glibc)
      var thread = pthread_t()
      let status = pthread_create(&thread, nil, { BackgroundThread.start($0!) }, body)
      self.thread = thread
    #else
      var thread: pthread_t?
      let status = pthread_create(&thread, nil, { BackgroundThread.start($0) }, body)
      self.thread = thread!
    #endif
    precondition(status == 0, "BackgroundThread: the system gives no more threads (\(String(cString: strerror(status))))")
  }

  private static func start(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
    return nil
  }

  /// Waits for the end of the closure; call it once.
  func join() { pthread_join(thread, nil) }

  /// Lets the thread go on alone; call it in place of `join`.
  func detach() { pthread_detach(thread) }
}

/// A lock with a condition to wait for.
final class Monitor: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func locked<R>(_ body: () throws -> R) rethrows -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Inside `locked`: waits until another thread calls `notify`.
  func wait() { pthread_cond_wait(condition, mutex) }

  /// Inside `locked`: wakes all that wait.
  func notify() { pthread_cond_broadcast(condition) }
}
