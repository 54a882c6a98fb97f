#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension RadialSum: ReferenceRule {
  /// Every result is a sum over y of its own.
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let (x, y, h) = (inputs[0].values, inputs[1].values, inputs[2].values)
    let (d, p, points) = (inputs[0].spec.shape[1], inputs[2].spec.shape[1], inputs[1].spec.shape[0])
    let slopeColumns = part == .values ? 0 : d
    return HostTensor.indexed(output) { index in
      let (i, column) = (index[0], index[1])
      var sum = 0.0
      for j in 0..<points {
        let r = (0..<d).reduce(0.0) { $0 + (x[i * d + $1] - y[j * d + $1]) * (x[i * d + $1] - y[j * d + $1]) }.squareRoot()
        if column >= slopeColumns {
          sum += profile.value(r) * h[j * p + column - slopeColumns]
        } else {
          let inner = (0..<p).reduce(0.0) { $0 + inputs[3].values[i * p + $1] * h[j * p + $1] }
          sum += profile.slope(r) * inner * (y[j * d + column] - x[i * d + column])
        }
      }
      return sum
    }
  }
}

extension RadialProfile {
  /// The distance without its r₀, and with it.
  private func guarded(_ r: Double) -> (r: Double, root: Double) {
    let root = max(r, 1e-4)
    return (root - 1e-4, root)
  }

  fileprivate func value(_ distance: Double) -> Double {
    let r = guarded(distance).r
    switch self {
    case .squaredExponential: return exp(-distance * distance / 2)
    case .matern12: return exp(-r)
    case .matern32: return (1 + 3.0.squareRoot() * r) * exp(-3.0.squareRoot() * r)
    case .matern52: return (1 + 5.0.squareRoot() * r + 5 * r * r / 3) * exp(-5.0.squareRoot() * r)
    }
  }

  fileprivate func slope(_ distance: Double) -> Double {
    let (r, root) = guarded(distance)
    switch self {
    case .squaredExponential: return exp(-distance * distance / 2)
    case .matern12: return r > 0 ? exp(-r) / root : 0
    case .matern32: return 3 * r / root * exp(-3.0.squareRoot() * r)
    case .matern52: return 5 / 3 * r / root * (1 + 5.0.squareRoot() * r) * exp(-5.0.squareRoot() * r)
    }
  }
}
