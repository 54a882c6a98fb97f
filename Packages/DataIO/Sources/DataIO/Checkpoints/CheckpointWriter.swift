/// Writes checkpoints on a thread of its own, so that training goes on meanwhile.
///
/// One checkpoint is in the making at a time: `submit` waits for the one before. What a write ran into is thrown by the next call.
/// Values are immutable, so a closure that holds tensors sees them as they were when it was made, and copying them to the host is
/// left to the background too.
public final class CheckpointWriter: Sendable {
  private final class State: @unchecked Sendable {
    let monitor = Monitor()
    var isWriting = false
    var failure: (any Error)?
    var waitedSeconds = 0.0
    var writtenSeconds = 0.0
  }

  private let state = State()

  public init() {}

  deinit { state.monitor.locked { while state.isWriting { state.monitor.wait() } } }

  /// Runs `write` in the background: `{ try CheckpointFile(...).write(to: path) }`. Throws what an earlier write ran into.
  public func submit(_ write: @escaping @Sendable () throws -> Void) throws {
    let start = ContinuousClock.now
    try waitForWrite()
    let state = state
    state.monitor.locked { state.isWriting = true }
    let thread = BackgroundThread {
      let begin = ContinuousClock.now
      var failure: (any Error)?
      do { try write() } catch { failure = error }
      state.monitor.locked {
        state.failure = failure
        state.isWriting = false
        state.writtenSeconds += (ContinuousClock.now - begin) / .seconds(1)
        state.monitor.notify()
      }
    }
    thread.detach()
    state.monitor.locked { state.waitedSeconds += (ContinuousClock.now - start) / .seconds(1) }
  }

  /// Waits until the last checkpoint is on the disk; throws what its write ran into.
  public func finish() throws {
    let start = ContinuousClock.now
    defer { state.monitor.locked { state.waitedSeconds += (ContinuousClock.now - start) / .seconds(1) } }
    try waitForWrite()
  }

  /// Seconds that `submit` and `finish` held their caller, and seconds of the writes themselves.
  public var seconds: (waited: Double, written: Double) { state.monitor.locked { (state.waitedSeconds, state.writtenSeconds) } }

  private func waitForWrite() throws {
    try state.monitor.locked {
      while state.isWriting { state.monitor.wait() }
      defer { state.failure = nil }
      if let failure = state.failure { throw failure }
    }
  }
}
