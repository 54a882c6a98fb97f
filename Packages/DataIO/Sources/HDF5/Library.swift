import CHDF5

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A recursive mutex: closing a handle inside a locked call must not deadlock.
private final class RecursiveLock: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  init() {
    var attributes = pthread_mutexattr_t()
    pthread_mutexattr_init(&attributes)
    pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
    pthread_mutex_init(mutex, &attributes)
    pthread_mutexattr_destroy(&attributes)
  }

  func acquire() { pthread_mutex_lock(mutex) }
  func release() { pthread_mutex_unlock(mutex) }
}

/// The one door to the C library: not every HDF5 build is thread-safe, so every call passes here.
public enum Library {
  private static let lock = RecursiveLock()

  /// Version of the HDF5 library in use, for instance `1.10.8`.
  public static var version: String {
    synchronized { _ in
      var major: UInt32 = 0
      var minor: UInt32 = 0
      var release: UInt32 = 0
      H5get_libversion(&major, &minor, &release)
      return "\(major).\(minor).\(release)"
    }
  }

  /// Runs `body` under the process-wide lock; identifiers kept in the scope are closed on every path out.
  static func synchronized<R>(_ body: (inout Scope) throws -> R) rethrows -> R {
    lock.acquire()
    defer { lock.release() }
    // Automatic printing to stderr is a per-thread setting of thread-safe builds: it is turned off at each entry.
    _ = H5Eset_auto2(chdf5_error_stack(), nil, nil)
    var scope = Scope()
    defer { scope.close() }
    return try body(&scope)
  }

  /// As `synchronized`, with `handle` kept open for the duration of `body`.
  static func synchronized<R>(_ handle: Handle, _ body: (inout Scope, hid_t) throws -> R) rethrows -> R {
    try withExtendedLifetime(handle) {
      try synchronized { scope in try body(&scope, handle.id) }
    }
  }
}

/// Identifiers that live for one locked call.
struct Scope {
  private var open: [(id: hid_t, close: (hid_t) -> herr_t)] = []

  /// Takes ownership of `id`; a negative one is the library's failure, told as `action` at `location`.
  mutating func keep(
    _ id: hid_t, _ close: @escaping (hid_t) -> herr_t, _ action: String, _ location: Location
  ) throws -> hid_t {
    try check(id, action, location)
    open.append((id, close))
    return id
  }

  mutating func close() {
    for entry in open.reversed() { _ = entry.close(entry.id) }
    open.removeAll()
  }
}

/// An owned identifier, closed once: by `close`, or when the last reference goes.
final class Handle: @unchecked Sendable {
  private(set) var id: hid_t
  private let closing: (hid_t) -> herr_t

  init(_ id: hid_t, _ closing: @escaping (hid_t) -> herr_t) {
    self.id = id
    self.closing = closing
  }

  /// Closes now and reports the library's status; later calls do nothing. Call with the lock held.
  func closeNow() -> herr_t {
    guard id >= 0 else { return 0 }
    let status = closing(id)
    id = -1
    return status
  }

  deinit {
    Library.synchronized { _ in _ = closeNow() }
  }
}
