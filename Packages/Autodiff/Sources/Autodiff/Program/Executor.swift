/// What runs recorded functions: the fast program of this processor, the slow reference, or another device.
public protocol Executor: Sendable {
  /// Makes a recorded function ready to run many times. `donatedCount`: how many of the first arguments may be overwritten.
  func prepare(_ function: ProgramGraph, donatedCount: Int) -> any PreparedFunction
}

/// A function that an executor has made ready.
public protocol PreparedFunction: Sendable, CustomStringConvertible {
  /// Appends the results for arguments of the recorded shapes.
  func call(_ arguments: [Tensor], results: inout [Tensor])
}

extension PreparedFunction {
  /// The results for arguments of the recorded shapes.
  public func call(_ arguments: [Tensor]) -> [Tensor] {
    var results: [Tensor] = []
    call(arguments, results: &results)
    return results
  }
}

/// Compiles to a static program for the processor: all passes, fused loops, threads.
public struct FastExecutor: Executor {
  /// The executor that `compile` uses unless told otherwise.
  public init() {}

  public func prepare(_ function: ProgramGraph, donatedCount: Int) -> any PreparedFunction {
    Program(function, donatedCount: donatedCount)
  }
}

extension Program: PreparedFunction {}
