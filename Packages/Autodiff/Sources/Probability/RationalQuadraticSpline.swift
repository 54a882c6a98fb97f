import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Monotone rational-quadratic splines, one for each row and coordinate (Durkan, Bekasov, Murray and Papamakarios 2019,
/// "Neural spline flows", equations 4 to 8; Gregory and Delbourgo 1982). Outside of `[-reach, reach]` the identity.
public struct RationalQuadraticSpline {
  /// Where the bins begin along x and y, `[batch, bins, d]`.
  private let left: Tensor, bottom: Tensor
  /// Their extents, `[batch, bins, d]`.
  private let width: Tensor, height: Tensor
  /// Derivatives at the ends of the bins, `[batch, bins, d]`.
  private let leftSlope: Tensor, rightSlope: Tensor
  private let reach: Double

  /// Smallest extent of a bin, as a fraction of the range, and smallest derivative at a knot.
  private static let smallest = 1e-3

  /// From free parameters `[batch, 3 bins - 1, d]`: widths, heights, and derivatives at inner knots. All 0 is the identity.
  public init(_ parameters: Tensor, bins: Int, reach: Double) {
    require(bins >= 2 && reach > 0, "RationalQuadraticSpline: \(bins) bins, reach \(reach); give 2 bins or more and a positive reach")
    require(
      parameters.rank == 3 && parameters.shape[1] == 3 * bins - 1,
      "RationalQuadraticSpline: parameters \(parameters.shape); give [batch, \(3 * bins - 1), d]")
    self.reach = reach
    let smallest = RationalQuadraticSpline.smallest
    let extents = { (part: Tensor) in 2 * reach * (smallest + (1 - smallest * Double(bins)) * part.softmax(axis: 1)) }
    width = extents(parameters.slice(axis: 1, 0..<bins))
    height = extents(parameters.slice(axis: 1, bins..<2 * bins))
    left = width.cumulativeSum(axis: 1) - width - reach
    bottom = height.cumulativeSum(axis: 1) - height - reach
    // softplus(unit) + smallest = 1: the derivative that goes with a parameter 0.
    let unit = logExpMinusOne(1 - smallest)
    let inner = softplus(parameters.slice(axis: 1, 2 * bins..<3 * bins - 1) + unit) + smallest
    let end = Tensor.ones([parameters.shape[0], 1, parameters.shape[2]], dtype: parameters.dtype)
    leftSlope = Tensor.concatenated([end, inner], axis: 1)
    rightSlope = Tensor.concatenated([inner, end], axis: 1)
  }

  /// `y` and `log dy/dx` at `x`, all `[batch, d]`.
  public func forward(_ x: Tensor) -> (y: Tensor, logDerivative: Tensor) {
    let inside = clamp(x, -reach, reach)
    let bin = bin(holding: inside, from: left)
    let position = (inside - bin.left) / bin.width
    let y =
      bin.bottom + bin.height * (bin.mean * square(position) + bin.leftSlope * position * (1.0 - position)) / bin.denominator(position)
    return ifInside(x, y, bin.logDerivative(position))
  }

  /// `x` and `log dx/dy` at `y`, all `[batch, d]`.
  public func inverse(_ y: Tensor) -> (x: Tensor, logDerivative: Tensor) {
    let inside = clamp(y, -reach, reach)
    let bin = bin(holding: inside, from: bottom)
    let rise = inside - bin.bottom
    let a = bin.height * (bin.mean - bin.leftSlope) + rise * bin.bend
    let b = bin.height * bin.leftSlope - rise * bin.bend
    let c = -bin.mean * rise
    // The discriminant is not negative but for rounding.
    let position = 2.0 * c / (-b - sqrt(maximum(square(b) - 4.0 * a * c, .zeros(like: b))))
    return ifInside(y, bin.left + position * bin.width, -bin.logDerivative(position))
  }

  private func ifInside(_ x: Tensor, _ y: Tensor, _ logDerivative: Tensor) -> (Tensor, Tensor) {
    let isInside = abs(x) .< reach
    return (Tensor.where(isInside, y, x), Tensor.where(isInside, logDerivative, .zeros(like: x)))
  }

  /// The bin of each value among bins that begin at `starts`.
  private func bin(holding x: Tensor, from starts: Tensor) -> Bin {
    let point = x.expanded(axis: 1)
    // The first start is -reach exactly, so that every value has reached it.
    let reached = point .>= starts
    let next = Tensor.concatenated([reached.slice(axis: 1, 1..<starts.shape[1]), Tensor.zeros(point.shape, dtype: .bool)], axis: 1)
    let holds = reached .& .!next
    let pick = { (values: Tensor) in Tensor.where(holds, values, Tensor.zeros([], dtype: values.dtype)).sum(axis: 1) }
    return Bin(
      left: pick(left), bottom: pick(bottom), width: pick(width), height: pick(height), leftSlope: pick(leftSlope),
      rightSlope: pick(rightSlope))
  }
}

/// One bin for each row and coordinate, all `[batch, d]`.
private struct Bin {
  let left: Tensor, bottom: Tensor, width: Tensor, height: Tensor, leftSlope: Tensor, rightSlope: Tensor

  /// The mean slope over the bin.
  var mean: Tensor { height / width }
  var bend: Tensor { leftSlope + rightSlope - 2.0 * mean }

  func denominator(_ position: Tensor) -> Tensor { mean + bend * position * (1.0 - position) }

  func logDerivative(_ position: Tensor) -> Tensor {
    let rest = 1.0 - position
    let slopes = rightSlope * square(position) + 2.0 * mean * position * rest + leftSlope * square(rest)
    return 2.0 * (log(mean) - log(denominator(position))) + log(slopes)
  }
}

/// The inverse of softplus.
private func logExpMinusOne(_ x: Double) -> Double { log(expm1(x)) }
