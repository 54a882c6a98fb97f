import Autodiff

/// `y_i = f(x_i; θ_i(x_0 ... x_{i-1}))`: one pass forwards, `dimension` passes back (Papamakarios et al. 2017).
///
/// `forward` is the direction from data to noise, in which densities are evaluated and the map is learned.
public struct MaskedAutoregressive<Parameters: Conditioner>: Bijection {
  /// `[batch, dimension] -> [batch, transform.parameterCount * dimension]`; what belongs to coordinate i must depend on the
  /// coordinates before it only.
  public var conditioner: Parameters
  public let transform: CoordinateTransform
  public let dimension: Int

  public var eventShape: [Int] { [dimension] }

  public init(_ conditioner: Parameters, transform: CoordinateTransform, dimension: Int) {
    self.conditioner = conditioner
    self.transform = transform
    self.dimension = dimension
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("conditioner", &conditioner)
    walker.setting("transform", transform)
  }

  public func forward(_ x: Tensor) -> (y: Tensor, logDeterminant: Tensor) {
    requireTrailing(x, eventShape, "MaskedAutoregressive.forward")
    let rows = x.reshaped([-1, dimension])
    let (y, logDerivative) = transform.forward(rows, conditioner(rows))
    return (y.reshaped(x.shape), sumOverEvent(logDerivative).reshaped(Array(x.shape.dropLast())))
  }

  public func inverse(_ y: Tensor) -> (x: Tensor, logDeterminant: Tensor) {
    requireTrailing(y, eventShape, "MaskedAutoregressive.inverse")
    let rows = y.reshaped([-1, dimension])
    // Coordinate i is right after pass i + 1, whatever the pass began with.
    var (x, logDerivative) = (Tensor.zeros(like: rows), Tensor.zeros(like: rows))
    for _ in 0..<dimension { (x, logDerivative) = transform.inverse(rows, conditioner(x)) }
    return (x.reshaped(y.shape), sumOverEvent(logDerivative).reshaped(Array(y.shape.dropLast())))
  }
}
