import Synchronization

/// The background thread of a stream: fills windows ahead of their use, into three buffers that go round.
final class WindowProducer: Sendable {
  private struct State {
    var ready: [StreamWindow] = []
    var free: [StreamWindow] = []
    var failure: (any Error)?
    var isStopped = false
  }

  /// What both threads see, kept alive by the thread itself.
  private final class Shared: @unchecked Sendable {
    let monitor = Monitor()
    var state = State()
    let blocksRead = Atomic<Int>(0)
  }

  private static let windowsInMemory = 3

  private let shared = Shared()
  private let thread: BackgroundThread

  init(_ columns: StreamColumns, _ order: WindowedOrder, _ position: BatchPosition, threads: Int) {
    let shared = shared
    let count = min(WindowProducer.windowsInMemory, order.windowCount + 1)
    shared.state.free = (0..<count).map { _ in StreamWindow(columns, order) }
    thread = BackgroundThread {
      WindowProducer.produce(columns, order, position, threads: threads, shared)
    }
  }

  var blocksRead: Int { shared.blocksRead.load(ordering: .relaxed) }

  /// The next window, and the seconds waited for it.
  func take() throws -> (window: StreamWindow, waited: Double) {
    let start = ContinuousClock.now
    return try shared.monitor.locked {
      while shared.state.ready.isEmpty {
        if let failure = shared.state.failure { throw failure }
        shared.monitor.wait()
      }
      let window = shared.state.ready.removeFirst()
      return (window, (ContinuousClock.now - start) / .seconds(1))
    }
  }

  func recycle(_ window: StreamWindow) {
    shared.monitor.locked {
      shared.state.free.append(window)
      shared.monitor.notify()
    }
  }

  func stop() {
    shared.monitor.locked {
      shared.state.isStopped = true
      shared.monitor.notify()
    }
    thread.join()
  }

  private static func produce(
    _ columns: StreamColumns, _ order: WindowedOrder, _ start: BatchPosition, threads: Int, _ shared: Shared
  ) {
    var epoch = start.cursor == order.rowCount ? start.epoch + 1 : start.epoch
    var cursor = start.cursor == order.rowCount ? 0 : start.cursor
    do {
      while true {
        var firstRow = 0
        for (number, blocks) in order.windows(key: start.key, epoch: epoch).enumerated() {
          let rows = blocks.flatMap { order.rows(ofBlock: $0) }
          // After a resume, windows that were used up are passed over.
          if firstRow + rows.count > cursor {
            guard let window = freeWindow(shared) else { return }
            window.prepare(
              blocks: blocks, rows: rows,
              permutation: order.permutation(ofWindow: number, count: rows.count, key: start.key, epoch: epoch), firstRow: firstRow)
            try columns.fill(window, order, threads: threads)
            shared.blocksRead.wrappingAdd(blocks.count, ordering: .relaxed)
            shared.monitor.locked {
              shared.state.ready.append(window)
              shared.monitor.notify()
            }
          }
          firstRow += rows.count
        }
        epoch += 1
        cursor = 0
      }
    } catch {
      shared.monitor.locked {
        shared.state.failure = error
        shared.monitor.notify()
      }
    }
  }

  /// Waits for a buffer that nobody uses; nil when the stream is over.
  private static func freeWindow(_ shared: Shared) -> StreamWindow? {
    shared.monitor.locked {
      while shared.state.free.isEmpty && !shared.state.isStopped { shared.monitor.wait() }
      return shared.state.isStopped ? nil : shared.state.free.removeLast()
    }
  }
}
