/// A tensor whose axes carry labels; axes of one label belong together in a sum of products.
struct LabelledTensor {
  var tensor: Tensor
  var labels: [Int]

  func extent(_ label: Int) -> Int? { labels.firstIndex(of: label).map { tensor.shape[$0] } }

  /// Axes in the order of `order`, which names each label once.
  func arranged(_ order: [Int]) -> Tensor { tensor.transposed(order.map { labels.firstIndex(of: $0)! }) }

  /// Repeated labels replaced by their diagonal.
  func withoutRepeats() -> LabelledTensor {
    var result = self
    while let repeated = result.labels.first(where: { label in result.labels.filter { $0 == label }.count > 1 }) {
      let first = result.labels.firstIndex(of: repeated)!
      let second = result.labels[(first + 1)...].firstIndex(of: repeated)!
      result.tensor = result.tensor.diagonal(axes: (first, second))
      result.labels = result.labels.indices.filter { $0 != first && $0 != second }.map { result.labels[$0] } + [repeated]
    }
    return result
  }

  /// Summed over the axes whose labels are not in `kept`.
  func summed(keeping kept: Set<Int>) -> LabelledTensor {
    let gone = labels.indices.filter { !kept.contains(labels[$0]) }
    return gone.isEmpty ? self : LabelledTensor(tensor: tensor.sum(axes: gone), labels: labels.filter(kept.contains))
  }

  /// The product with `other`, summed over what both share and `kept` lacks: a matrix product over the shared axes that stay.
  func contracted(with other: LabelledTensor, keeping kept: Set<Int>) -> LabelledTensor {
    let shared = Set(labels).intersection(other.labels)
    let batch = labels.filter { shared.contains($0) && kept.contains($0) }
    let inner = labels.filter { shared.contains($0) && !kept.contains($0) }
    let (rows, columns) = (labels.filter { !shared.contains($0) }, other.labels.filter { !shared.contains($0) })
    let result = batch + rows + columns
    let extents = { (names: [Int]) in names.map { extent($0) ?? other.extent($0)! } }
    guard !inner.isEmpty, tensor.dtype.isFloatingPoint else {
      let ones = { (names: [Int]) in names.map { _ in 1 } }
      let left = arranged(batch + rows + inner).reshaped(extents(batch + rows) + ones(columns) + extents(inner))
      let right = other.arranged(batch + columns + inner).reshaped(extents(batch) + ones(rows) + extents(columns + inner))
      let product = left * right
      let total = inner.isEmpty ? product : product.sum(axes: Array(result.count..<result.count + inner.count))
      return LabelledTensor(tensor: total, labels: result)
    }
    let size = { (names: [Int]) in extents(names).reduce(1, *) }
    let lead = batch.isEmpty ? [] : [size(batch)]
    let left = arranged(batch + rows + inner).reshaped(lead + [size(rows), size(inner)])
    let right = other.arranged(batch + inner + columns).reshaped(lead + [size(inner), size(columns)])
    return LabelledTensor(tensor: left.matmul(right).reshaped(extents(result)), labels: result)
  }
}

/// The product of all operands, summed over the labels that `output` lacks; axes in the order of `output`.
///
/// Pairs whose product has the fewest terms go first.
func contract(_ operands: [LabelledTensor], to output: [Int]) -> Tensor {
  var terms = operands.map { $0.withoutRepeats() }
  func needed(besides own: [Int]) -> Set<Int> {
    Set(output).union(terms.indices.filter { !own.contains($0) }.flatMap { terms[$0].labels })
  }
  for index in terms.indices { terms[index] = terms[index].summed(keeping: needed(besides: [index])) }
  while terms.count > 1 {
    var best = (first: 0, second: 1, cost: Double.infinity)
    for first in terms.indices {
      for second in terms.indices where second > first {
        let labels = Set(terms[first].labels).union(terms[second].labels)
        let cost = labels.reduce(1.0) { $0 * Double(terms[first].extent($1) ?? terms[second].extent($1)!) }
        if cost < best.cost { best = (first, second, cost) }
      }
    }
    let kept = needed(besides: [best.first, best.second])
    terms[best.first] = terms[best.first].contracted(with: terms[best.second], keeping: kept)
    terms.remove(at: best.second)
  }
  return terms[0].arranged(output)
}

/// x y^T of two tensors read as vectors: `[x.count, y.count]`.
public func outer(_ x: Tensor, _ y: Tensor) -> Tensor { x.reshaped([-1, 1]) * y.reshaped([1, -1]) }

/// Sums of products over the last axes: `x.shape.dropLast() + y.shape.dropLast()`.
public func inner(_ x: Tensor, _ y: Tensor) -> Tensor {
  x.rank == 0 || y.rank == 0 ? x * y : tensordot(x, y, axes: ([-1], [-1]), operation: "inner")
}

/// Sums of products over pairs of axes, `axes.0` of `x` with `axes.1` of `y`; the other axes of `x`, then those of `y`, remain.
public func tensordot(_ x: Tensor, _ y: Tensor, axes: ([Int], [Int])) -> Tensor { tensordot(x, y, axes: axes, operation: "tensordot") }

/// Sums of products over the last `count` axes of `x` with the first of `y`.
public func tensordot(_ x: Tensor, _ y: Tensor, count: Int = 2) -> Tensor {
  require(count >= 0 && count <= min(x.rank, y.rank), "tensordot: \(count) axes of shapes \(x.shape) and \(y.shape)")
  return tensordot(x, y, axes: (Array(x.rank - count..<x.rank), Array(0..<count)))
}

private func tensordot(_ x: Tensor, _ y: Tensor, axes: ([Int], [Int]), operation: String) -> Tensor {
  let left = axes.0.map { Shape.normalize($0, rank: x.rank, operation) }
  let right = axes.1.map { Shape.normalize($0, rank: y.rank, operation) }
  require(
    left.count == right.count && Set(left).count == left.count && Set(right).count == right.count,
    "\(operation): axes \(axes.0) and \(axes.1) are not pairs of different axes")
  require(
    x.dtype == y.dtype && left.map { x.shape[$0] } == right.map { y.shape[$0] },
    "\(operation): axes \(axes.0) of \(x.spec) and \(axes.1) of \(y.spec) must agree in extent and dtype")
  var labels = y.shape.indices.map { x.rank + $0 }
  for (own, other) in zip(left, right) { labels[other] = own }
  let operands = [LabelledTensor(tensor: x, labels: Array(0..<x.rank)), LabelledTensor(tensor: y, labels: labels)]
  let free = (0..<x.rank).filter { !left.contains($0) } + y.shape.indices.filter { !right.contains($0) }.map { x.rank + $0 }
  return contract(operands, to: free)
}
