import Autodiff
import DifferentiableIntegrators
import Integrators
import Probability

/// The flow as a bijection of `[q, p]`, `[batch, 2 d]`, from the prior to the data; its log-determinant is 0.
public struct PhaseSpaceMap<Potential: Energy & Module>: Bijection {
  public var flow: HamiltonianFlow<Potential>

  public var eventShape: [Int] { [2 * flow.dimension] }

  public init(_ flow: HamiltonianFlow<Potential>) { self.flow = flow }

  public mutating func walk(_ walker: inout some Walker) { flow.walk(&walker) }

  public func forward(_ x: Tensor) -> (y: Tensor, logDeterminant: Tensor) {
    let (y, logDeterminant) = carried(x, .towardData)
    return (y, logDeterminant)
  }

  public func inverse(_ y: Tensor) -> (x: Tensor, logDeterminant: Tensor) {
    let (x, logDeterminant) = carried(y, .towardPrior)
    return (x, logDeterminant)
  }

  private func carried(_ point: Tensor, _ direction: HamiltonianFlow<Potential>.Direction) -> (Tensor, Tensor) {
    let d = flow.dimension
    let (q, p) = (point.slice(axis: -1, 0..<d), point.slice(axis: -1, d..<2 * d))
    let end = flow.transport(Phase(position: q, momentum: p), direction)
    return (
      Tensor.concatenated([end.position, end.momentum], axis: -1), Tensor.zeros(Array(point.shape.dropLast()), dtype: point.dtype)
    )
  }
}
