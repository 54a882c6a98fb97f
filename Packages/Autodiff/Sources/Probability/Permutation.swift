import Autodiff

/// `y_i = x_order(i)`: coordinates in another order; the log-determinant is 0.
public struct Permutation: Bijection {
  public let order: [Int]

  public var eventShape: [Int] { [order.count] }

  public init(_ order: [Int]) {
    require(order.sorted() == Array(order.indices), "Permutation: \(order) does not hold each of 0..<\(order.count) once")
    self.order = order
  }

  public mutating func walk(_ walker: inout some Walker) { walker.setting("order", order) }

  public func forward(_ x: Tensor) -> (y: Tensor, logDeterminant: Tensor) {
    requireTrailing(x, eventShape, "Permutation.forward")
    return (x.take(Tensor(order.map { Int32($0) }), axis: -1), .zeros(Array(x.shape.dropLast()), dtype: x.dtype))
  }

  public func inverse(_ y: Tensor) -> (x: Tensor, logDeterminant: Tensor) {
    let inverted = Permutation(order.indices.sorted { order[$0] < order[$1] })
    let (x, logDeterminant) = inverted.forward(y)
    return (x, logDeterminant)
  }
}
