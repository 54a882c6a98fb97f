import Autodiff

/// `y = (x₁, f(x₂; θ(x₁)))`: the first `kept` coordinates pass and set the map of the others (Dinh et al. 2017).
public struct Coupling<Parameters: Conditioner>: Bijection {
  /// `[batch, kept] -> [batch, transform.parameterCount * (dimension - kept)]`
  public var conditioner: Parameters
  public let transform: CoordinateTransform
  public let dimension: Int
  public let kept: Int

  public var eventShape: [Int] { [dimension] }

  public init(_ conditioner: Parameters, transform: CoordinateTransform, dimension: Int, kept: Int) {
    require(0 < kept && kept < dimension, "Coupling: \(kept) of \(dimension) coordinates kept; keep at least one and change at least one")
    self.conditioner = conditioner
    self.transform = transform
    self.dimension = dimension
    self.kept = kept
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("conditioner", &conditioner)
    walker.setting("transform", transform)
    walker.setting("kept", kept)
  }

  public func forward(_ x: Tensor) -> (y: Tensor, logDeterminant: Tensor) {
    let (first, second) = halves(x, "Coupling.forward")
    let (y, logDerivative) = transform.forward(second, conditioner(first))
    return join(first, y, logDerivative, x.shape)
  }

  public func inverse(_ y: Tensor) -> (x: Tensor, logDeterminant: Tensor) {
    let (first, second) = halves(y, "Coupling.inverse")
    let (x, logDerivative) = transform.inverse(second, conditioner(first))
    let joined = join(first, x, logDerivative, y.shape)
    return (joined.y, joined.logDeterminant)
  }

  private func halves(_ x: Tensor, _ operation: String) -> (Tensor, Tensor) {
    requireTrailing(x, eventShape, operation)
    let rows = x.reshaped([-1, dimension])
    return (rows.slice(axis: 1, 0..<kept), rows.slice(axis: 1, kept..<dimension))
  }

  private func join(_ first: Tensor, _ second: Tensor, _ logDerivative: Tensor, _ shape: [Int]) -> (y: Tensor, logDeterminant: Tensor) {
    (Tensor.concatenated([first, second], axis: 1).reshaped(shape), sumOverEvent(logDerivative).reshaped(Array(shape.dropLast())))
  }
}

extension Coupling: DataInitialized where Parameters: DataInitializedConditioner {
  public func initialized(from x: Tensor, key: Key) -> Coupling {
    var next = self
    next.conditioner = conditioner.initialized(from: halves(x, "Coupling.initialized").0, key: key)
    return next
  }
}
