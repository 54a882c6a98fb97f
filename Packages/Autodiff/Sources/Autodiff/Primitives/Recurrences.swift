import CAutodiff

/// Running sum along one axis, from either end.
struct CumulativeSum: Primitive {
  let axis: Int
  let reverse: Bool

  var name: String { reverse ? "reverseCumulativeSum" : "cumulativeSum" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[0] }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (outer, length, inner) = Shape.split(inputs[0].shape, around: axis..<axis + 1)
    let (dtype, reverse) = (output.dtype.code, reverse)
    return Kernel { arguments in
      af_cumulative_sum(
        dtype, arguments.pointer(0), arguments.pointer(1), Int64(outer), Int64(length), Int64(inner), reverse ? 1 : 0, 0)
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    .apply(CumulativeSum(axis: axis + 1, reverse: reverse), inputs)
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { axis > 0 ? [.rows([true])] : [] }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? { tangents[0].map { .apply(self, [$0]) } }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    [.apply(CumulativeSum(axis: axis, reverse: !reverse), [cotangent])]
  }
}

/// z[0] = b[0], z[k] = a[k] z[k-1] + b[k] along one axis, from either end. Inputs a and b of one shape.
///
/// Its derivatives are recurrences of the same kind; cumulative products and log-sums have theirs through it.
struct LinearRecurrence: Primitive {
  let axis: Int
  let reverse: Bool

  var name: String { reverse ? "reverseRecurrence" : "recurrence" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[0] }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (outer, length, inner) = Shape.split(inputs[0].shape, around: axis..<axis + 1)
    let (dtype, reverse) = (output.dtype.code, reverse)
    return Kernel { arguments in
      af_linear_recurrence(
        dtype, arguments.pointer(0), arguments.pointer(1), arguments.pointer(2), Int64(outer), Int64(length), Int64(inner),
        reverse ? 1 : 0)
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    .apply(LinearRecurrence(axis: axis + 1, reverse: reverse), inputs.mapped(isMapped, count))
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { axis > 0 ? [.rows([true, true])] : [] }

  /// dz[k] = a[k] dz[k-1] + (da[k] z[k-1] + db[k])
  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    let byFactor = tangents[0].map { $0 * previous(output) }
    guard let change = byFactor.map({ change in tangents[1].map { $0 + change } ?? change }) ?? tangents[1] else { return nil }
    return .apply(self, [inputs[0], change])
  }

  /// db[k] = dz[k] + a[k+1] db[k+1], da[k] = db[k] z[k-1]
  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    let backward = LinearRecurrence(axis: axis, reverse: !reverse)
    let right = Tensor.apply(backward, [backward.previous(inputs[0]), cotangent])
    return [right * previous(output), right]
  }

  /// x[k-1] at k, and `first` at the beginning.
  func previous(_ x: Tensor, first: Double = 0) -> Tensor {
    let length = x.shape[axis]
    if length == 0 { return x }
    var edge = x.shape
    edge[axis] = 1
    let start = Tensor.full(edge, first, dtype: x.dtype)
    return reverse
      ? .concatenated([x.slice(axis: axis, 1..<length), start], axis: axis)
      : .concatenated([start, x.slice(axis: axis, 0..<length - 1)], axis: axis)
  }
}

/// Running log(sum(exp)) along one axis, from either end.
struct CumulativeLogSumExp: Primitive {
  let axis: Int
  let reverse: Bool

  var name: String { reverse ? "reverseCumulativeLogSumExp" : "cumulativeLogSumExp" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[0] }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (outer, length, inner) = Shape.split(inputs[0].shape, around: axis..<axis + 1)
    let (dtype, reverse) = (output.dtype.code, reverse)
    return Kernel { arguments in
      af_cumulative_log_sum_exp(
        dtype, arguments.pointer(0), arguments.pointer(1), Int64(outer), Int64(length), Int64(inner), reverse ? 1 : 0)
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    .apply(CumulativeLogSumExp(axis: axis + 1, reverse: reverse), inputs)
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { axis > 0 ? [.rows([true])] : [] }

  private var recurrence: LinearRecurrence { LinearRecurrence(axis: axis, reverse: reverse) }

  /// y[k] = log(exp(y[k-1]) + exp(x[k])): the shares of both terms are its derivatives.
  private func shares(_ x: Tensor, _ y: Tensor) -> (ofPrevious: Tensor, ofElement: Tensor) {
    (softmaxWeight(recurrence.previous(y, first: -.infinity), y), softmaxWeight(x, y))
  }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    tangents[0].map { tangent in
      let shares = shares(inputs[0], output)
      return .apply(recurrence, [shares.ofPrevious, shares.ofElement * tangent])
    }
  }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    let shares = shares(inputs[0], output)
    let backward = LinearRecurrence(axis: axis, reverse: !reverse)
    return [shares.ofElement * .apply(backward, [backward.previous(shares.ofPrevious), cotangent])]
  }
}
