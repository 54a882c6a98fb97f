import Autodiff

/// `y = x P L (U + diag(sign exp(logDiagonal)))` for rows `x`: an invertible linear map whose determinant costs nothing
/// (Kingma and Dhariwal 2018, section 3.2). `P` and the signs are fixed; `L` has ones on its diagonal.
public struct PLULinear: Bijection {
  /// Coordinate `order[i]` goes to place i before the triangular factors.
  public let order: [Int]
  /// `[d, d]`, of which only what lies below the diagonal is read.
  public var lower: Tensor
  /// `[d, d]`, of which only what lies above the diagonal is read.
  public var upper: Tensor
  /// `[d]`
  public var logDiagonal: Tensor
  /// `[d]`, ±1, not trained.
  public var sign: Tensor

  public var eventShape: [Int] { [order.count] }

  public init(order: [Int], lower: Tensor, upper: Tensor, logDiagonal: Tensor, sign: Tensor) {
    let d = order.count
    require(
      order.sorted() == Array(0..<d) && lower.shape == [d, d] && upper.shape == [d, d] && logDiagonal.shape == [d] && sign.shape == [d],
      "PLULinear: order \(order), lower \(lower.shape), upper \(upper.shape), diagonal \(logDiagonal.shape), sign \(sign.shape); "
        + "give an order of 0..<d, two of shape [d, d], and two of shape [d]")
    self.order = order
    self.lower = lower
    self.upper = upper
    self.logDiagonal = logDiagonal
    self.sign = sign
  }

  /// A permutation of the coordinates to start with.
  public init(order: [Int], dtype: DType = .float32) {
    let d = order.count
    self.init(
      order: order, lower: .zeros([d, d], dtype: dtype), upper: .zeros([d, d], dtype: dtype), logDiagonal: .zeros([d], dtype: dtype),
      sign: .ones([d], dtype: dtype))
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.setting("order", order)
    walker.parameter("lower", &lower)
    walker.parameter("upper", &upper)
    walker.parameter("logDiagonal", &logDiagonal)
    walker.buffer("sign", &sign)
  }

  public func forward(_ x: Tensor) -> (y: Tensor, logDeterminant: Tensor) {
    requireTrailing(x, eventShape, "PLULinear.forward")
    let places = Tensor(order.indices.sorted { order[$0] < order[$1] }.map { Int32($0) })
    let matrix = unitLower.matmul(fullUpper).gathered(places)
    return (x.matmul(matrix), logDiagonal.sum().broadcast(to: Array(x.shape.dropLast())))
  }

  public func inverse(_ y: Tensor) -> (x: Tensor, logDeterminant: Tensor) {
    requireTrailing(y, eventShape, "PLULinear.inverse")
    let columns = y.reshaped([-1, order.count]).transposed()
    let permuted = unitLower.triangularSolve(fullUpper.triangularSolve(columns, lower: false, transposed: true), transposed: true)
    let x = Permutation(order).inverse(permuted.transposed()).x
    return (x.reshaped(y.shape), (-logDiagonal.sum()).broadcast(to: Array(y.shape.dropLast())))
  }

  private var unitLower: Tensor { lower.lowerTriangle(offset: -1) + Tensor.identity(order.count, dtype: lower.dtype) }
  private var fullUpper: Tensor { upper.upperTriangle(offset: 1) + (sign * exp(logDiagonal)).diagonalMatrix() }
}
