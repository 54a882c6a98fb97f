import Autodiff

/// Times start, start + h, …, start + steps · h. Start and step size are tensors of shape `[]`, so a solve has gradients with
/// respect to them, and through them to its end.
public struct TimeGrid: Module {
  public var start: Tensor
  /// h, negative to go back in time.
  public var stepSize: Tensor
  public let steps: Int

  public init(from start: Tensor, stepSize: Tensor, steps: Int) {
    require(
      start.rank == 0 && stepSize.rank == 0 && start.dtype.isFloatingPoint && start.dtype == stepSize.dtype,
      "TimeGrid: start \(start.spec) and step size \(stepSize.spec) must be scalars of one floating-point dtype")
    require(steps >= 0, "TimeGrid: \(steps) steps; give 0 or more, and a negative step size to go back")
    self.start = start
    self.stepSize = stepSize
    self.steps = steps
  }

  /// The grid that reaches `end` in `steps` steps.
  public init(from start: Tensor, to end: Tensor, steps: Int) {
    require(steps > 0, "TimeGrid: \(steps) steps cannot lead from start to end; give 1 or more")
    self.init(from: start, stepSize: (end - start) / Double(steps), steps: steps)
  }

  /// In float64.
  public init(from start: Double = 0, to end: Double, steps: Int) {
    self.init(from: Tensor(start, dtype: .float64), to: Tensor(end, dtype: .float64), steps: steps)
  }

  /// In float64.
  public init(from start: Double = 0, stepSize: Double, steps: Int) {
    self.init(from: Tensor(start, dtype: .float64), stepSize: Tensor(stepSize, dtype: .float64), steps: steps)
  }

  /// start + steps · h
  public var end: Tensor { time(Double(steps)) }

  /// start + index · h
  func time(_ index: Double) -> Tensor { start + stepSize * index }

  /// The same for a counter of a loop, in any dtype.
  func time(_ index: Tensor) -> Tensor { start + stepSize * index.cast(to: stepSize.dtype) }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("start", &start)
    walker.parameter("stepSize", &stepSize)
    walker.setting("steps", steps)
  }
}
