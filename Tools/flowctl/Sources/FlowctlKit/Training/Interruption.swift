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

  /// The first signal is remembered and answered with a word; a second one ends the program at once.
  public static func install() {
    received.store(0, ordering: .relaxed)
    handle { arrived in
      if Interruption.received.exchange(arrived, ordering: .relaxed) != 0 { _exit(128 + arrived) }
      Interruption.say("\nflowctl: finishing this step to save it; once more ends at once\n")
    }
  }

  /// Once the last step is saved there is nothing to wait for: a signal ends the program with a word on what is missing.
  public static func endAtOnce() {
    handle { arrived in
      Interruption.say("\nflowctl: stopped; training is complete and saved, 'flowctl resume' writes the samples and the report\n")
      _exit(128 + arrived)
    }
  }

  /// Signals end the program in the ordinary way again.
  public static func uninstall() { for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) } }

  public static func current() -> StopSignal? { StopSignal(rawValue: received.load(ordering: .relaxed)) }

  private static func handle(_ handler: @convention(c) @escaping (Int32) -> Void) {
    for number in [SIGINT, SIGTERM] { signal(number, handler) }
  }

  /// Only what a signal handler may do: one write.
  private static func say(_ text: StaticString) { _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount) }
}
