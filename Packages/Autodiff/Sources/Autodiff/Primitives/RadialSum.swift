import CAutodiff

/// `Σ_j k(|x_i - y_j|) h_j` for rows `x` `[n, d]`, `y` `[m, d]` and weights `h` `[m, p]`, `[n, p]`.
///
/// The value and both of its first derivatives are computed without the matrix of all `k(|x_i - y_j|)`, in memory that does not grow
/// with `n m`. Derivatives of second order form it.
public func radialSum(_ profile: RadialProfile, _ x: Tensor, _ y: Tensor, weights h: Tensor) -> Tensor {
  require(
    x.rank == 2 && y.rank == 2 && h.rank == 2 && x.shape[1] == y.shape[1] && y.shape[0] == h.shape[0] && x.dtype == y.dtype
      && x.dtype == h.dtype && x.dtype.isFloatingPoint,
    "radialSum: x \(x.spec), y \(y.spec), weights \(h.spec); give [n, d], [m, d] and [m, p] of one floating-point dtype")
  return .apply(RadialSum(profile: profile, part: .values), [x, y, h])
}

/// Sums over all points y_j of functions of their distance from x_i, for inputs x `[n, d]`, y `[m, d]`, h `[m, p]` and, where slopes
/// are asked for, g `[n, p]`.
struct RadialSum: Primitive {
  enum Part: Sendable, Hashable {
    /// `v_i = Σ_j k_ij h_j`, `[n, p]`
    case values
    /// `∂(g_i · v_i)/∂x_i = Σ_j k'_ij (g_i · h_j) (y_j - x_i)`, `[n, d]`, where k' is the slope in `-r²/2`.
    case slopes
    /// Slopes and values side by side, `[n, d + p]`.
    case both
  }

  let profile: RadialProfile
  let part: Part

  var name: String { "radialSum(\(profile), \(part))" }

  func result(of inputs: [TensorSpec]) -> TensorSpec {
    let (d, p) = (inputs[0].shape[1], inputs[2].shape[1])
    let columns =
      switch part {
      case .values: p
      case .slopes: d
      case .both: d + p
      }
    return TensorSpec([inputs[0].shape[0], columns], inputs[0].dtype)
  }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (d, p) = (inputs[0].shape[1], inputs[2].shape[1])
    let (part, code, inputCount) = (part, output.dtype.code, inputs.count)
    let valuesOffset = part == .both ? d * output.dtype.byteCount : 0
    var prepared = af_radial()
    prepared.form = form
    (prepared.rows, prepared.points) = (Int64(inputs[0].shape[0]), Int64(inputs[1].shape[0]))
    (prepared.d, prepared.p, prepared.stride) = (Int64(d), Int64(p), Int64(output.shape[1]))
    let call = RadialCall(call: prepared)
    return Kernel(workspaceByteCount: af_radial_workspace_bytes(Int64(d), Int64(p))) { arguments in
      var sum = call.call
      (sum.x, sum.y, sum.h) = (.init(arguments.pointer(0)), .init(arguments.pointer(1)), .init(arguments.pointer(2)))
      let target = arguments.pointer(inputCount)
      if part != .values {
        sum.g = .init(arguments.pointer(3))
        sum.slopes = target
      }
      if part != .slopes { sum.values = target + valuesOffset }
      sum.workspace = arguments.workspace
      af_radial_sum(code, &sum)
    }
  }

  private var form: af_radial_form {
    switch profile {
    case .squaredExponential: AF_SQUARED_EXPONENTIAL
    case .matern12: AF_MATERN12
    case .matern32: AF_MATERN32
    case .matern52: AF_MATERN52
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    guard isMapped[0] && !isMapped[1] && !isMapped[2] && isMapped.count == 3 else { return nil }
    // One tall sum instead of one for each example.
    let (rows, d) = (inputs[0].shape[1], inputs[0].shape[2])
    let tall = Tensor.apply(self, [inputs[0].reshaped([count * rows, d]), inputs[1], inputs[2]])
    return tall.reshaped([count, rows, tall.shape[1]])
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] {
    let ofX = [true, false, false, true].prefix(inputs.count)
    return [.rows(Array(ofX)), .sumOfRows(ofX.map { !$0 })]
  }

  /// Multiplications and additions, an exponential counted as sixteen.
  func work(_ inputs: [TensorSpec]) -> Int {
    let (d, p) = (inputs[0].shape[1], inputs[2].shape[1])
    return inputs[0].shape[0] * inputs[1].shape[0] * (4 * d + 2 * p + 16)
  }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    guard part == .values else { return vjp(inputs) { composed($0) }.pullback(cotangent).map { $0 } }
    let (x, y, h) = (inputs[0], inputs[1], inputs[2])
    let d = x.shape[1]
    let toX = Tensor.apply(RadialSum(profile: profile, part: .slopes), [x, y, h, cotangent])
    // The same sum with the parts of x and y exchanged.
    let other = Tensor.apply(RadialSum(profile: profile, part: .both), [y, x, cotangent, h])
    return [toX, other.slice(axis: 1, 0..<d), other.slice(axis: 1, d..<d + h.shape[1])]
  }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    let directions = zip(inputs, tangents).map { $1 ?? .zeros(like: $0) }
    return jvp(inputs, along: directions) { composed($0) }.tangent
  }

  /// The same by way of the matrix of k.
  private func composed(_ inputs: [Tensor]) -> Tensor {
    let (x, y, h) = (inputs[0], inputs[1], inputs[2])
    let exponent = minusHalfSquaredDistances(x, y)
    let values = { profile.matrix(x, y).matmul(h) }
    if part == .values { return values() }
    let s = profile.slope(ofExponent: exponent) * inputs[3].matmul(h.transposed())
    let slopes = s.matmul(y) - s.sum(axis: 1, keepingDimensions: true) * x
    return part == .slopes ? slopes : .concatenated([slopes, values()], axis: 1)
  }
}

/// A call without its addresses.
private struct RadialCall: @unchecked Sendable {
  let call: af_radial
}
