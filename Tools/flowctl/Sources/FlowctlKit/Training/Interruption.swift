import Foundation
import Synchronization

/// A request to stop that came from outside: Ctrl-C, or the end of the machine's time.
public enum StopSignal: Int32, Sendable {
  case interrupt = 2
  case terminate = 15

  public var name: String { self == .interrupt ? "SIGINT" : "SIGTERM" }
  /// What shells expect of a program that ended on this signal.
  public var exitCode: Int32 { 128 + rawValue }
}

/// Turns SIGINT and SIGTERM into a value that the training loop reads between steps.
public enum Interruption {
  private static let received = Atomic<Int32>(0)

  /// The first signal is remembered; a second one ends the program at once.
  public static func install() {
    received.store(0, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      signal(number) { arrived in
        if Interruption.received.exchange(arrived, ordering: .relaxed) != 0 { _exit(128 + arrived) }
      }
    }
  }

  public static func current() -> StopSignal? { StopSignal(rawValue: received.load(ordering: .relaxed)) }
}
