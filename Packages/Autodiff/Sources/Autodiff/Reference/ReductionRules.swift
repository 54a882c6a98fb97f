#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Reduce: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    HostTensor(output, lines(inputs[0], axes).map { line in kind.reference(line) })
  }
}

extension Reduction {
  fileprivate func reference(_ line: Line) -> Double {
    let lowest = line.dtype == .int32 ? Double(Int32.min) : -.infinity
    let highest = line.dtype == .int32 ? Double(Int32.max) : .infinity
    let result =
      switch self {
      case .sum: line.values.reduce(0, +)
      case .product: line.dtype == .int32 ? Double(line.values.reduce(1 as Int32) { $0 &* Int32($1) }) : line.values.reduce(1, *)
      case .maximum: line.values.reduce(lowest) { $0.isNaN || $0 > $1 ? $0 : $1 }
      case .minimum: line.values.reduce(highest) { $0.isNaN || $0 < $1 ? $0 : $1 }
      }
    return HostTensor.rounding(to: line.dtype)(result)
  }
}

extension ArgReduce: ReferenceRule {
  /// The first NaN, or else the first extreme element.
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    HostTensor(
      output,
      lines(inputs[0], axis..<axis + 1).map { line in
        let extreme = minimum ? line.values.min()! : line.values.max()!
        return Double(line.values.firstIndex(where: \.isNaN) ?? line.values.firstIndex(of: extreme)!)
      })
  }
}

extension CumulativeSum: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    running(inputs[0], axis: axis, reverse: reverse, from: 0) { $0 + $1 }
  }
}

extension LogSumExp: ReferenceRule {
  /// Shifted by the largest element, where that is finite.
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let results = lines(inputs[0], axes).map { line in
      let largest = line.values.max() ?? 0
      let shift = largest.isFinite ? largest : 0
      return log(line.values.reduce(0) { $0 + exp($1 - shift) }) + shift
    }
    return HostTensor(output) { results[$0] }
  }
}

extension CumulativeLogSumExp: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    running(inputs[0], axis: axis, reverse: reverse, from: -.infinity) { total, x in
      total == x ? x + log(2) : max(total, x) + log1p(exp(-abs(total - x)))
    }
  }
}

extension LinearRecurrence: ReferenceRule {
  /// z[k] = a[k] z[k-1] + b[k], in the low 32 bits for int32.
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let (outer, length, inner) = Shape.split(output.shape, around: axis..<axis + 1)
    var z = inputs[1].values
    for line in 0..<outer * inner {
      let first = line / inner * length * inner + line % inner
      for step in 1..<max(length, 1) {
        let place = first + (reverse ? length - 1 - step : step) * inner
        let (a, before) = (inputs[0].values[place], z[reverse ? place + inner : place - inner])
        z[place] += output.dtype == .int32 ? Double(Int32(a) &* Int32(before)) : a * before
        if output.dtype == .int32 { z[place] = HostTensor.rounding(to: .int32)(z[place]) }
      }
    }
    return HostTensor(output) { z[$0] }
  }
}

/// The elements that one element of a reduction comes from.
private struct Line {
  let dtype: DType
  var values: [Double]
}

/// The elements along `axes` for every element of the other axes.
private func lines(_ x: HostTensor, _ axes: Range<Int>) -> [Line] {
  let (outer, length, inner) = Shape.split(x.spec.shape, around: axes)
  return (0..<outer * inner).map { line in
    let first = line / inner * length * inner + line % inner
    return Line(dtype: x.spec.dtype, values: (0..<length).map { x.values[first + $0 * inner] })
  }
}

/// Every element combined with all before it along `axis`, or with all after it.
func running(_ x: HostTensor, axis: Int, reverse: Bool, from start: Double, _ combine: (Double, Double) -> Double) -> HostTensor {
  let (outer, length, inner) = Shape.split(x.spec.shape, around: axis..<axis + 1)
  var values = x.values
  for line in 0..<outer * inner {
    let first = line / inner * length * inner + line % inner
    var total = start
    for step in 0..<length {
      let position = first + (reverse ? length - 1 - step : step) * inner
      total = combine(total, x.values[position])
      values[position] = total
    }
  }
  return HostTensor(x.spec) { values[$0] }
}
