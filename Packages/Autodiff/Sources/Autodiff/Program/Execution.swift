import CAutodiff
import Synchronization

/// How compiled programs run on this machine.
public enum Execution {
  private static let chosenThreads = Atomic<Int>(0)

  /// Threads that compiled programs use: all processors unless set here. The number never changes a result.
  public static var threadCount: Int {
    get {
      let chosen = chosenThreads.load(ordering: .relaxed)
      return chosen > 0 ? chosen : Int(af_pool_default_threads())
    }
    set {
      require(newValue >= 1, "Execution.threadCount: needs at least 1, got \(newValue)")
      chosenThreads.store(min(newValue, mostThreads), ordering: .relaxed)
    }
  }

  /// The instruction set of the kernels: `baseline`, `avx2` or `avx512` (environment variable `AUTODIFF_SIMD` chooses).
  public static var instructionSet: String { String(cString: af_simd_name()) }

  static let mostThreads = 64
}
