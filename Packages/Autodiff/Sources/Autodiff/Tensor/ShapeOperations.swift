extension Tensor {
  /// The same elements in another shape; one extent may be -1 and is then worked out.
  public func reshaped(_ shape: [Int]) -> Tensor {
    var target = shape
    if let open = shape.firstIndex(of: -1) {
      let known = shape.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
      target[open] = known == 0 ? 0 : count / known
    }
    require(
      target.allSatisfy { $0 >= 0 } && target.reduce(1, *) == count,
      "reshaped: \(count) elements of shape \(self.shape) do not fit \(shape)")
    return target == self.shape ? self : .apply(Reshape(shape: target), [self])
  }

  /// Axes in the order `permutation`; nil swaps the last two.
  public func transposed(_ permutation: [Int]? = nil) -> Tensor {
    guard let permutation else {
      require(rank >= 2, "transposed: shape \(shape) has fewer than two axes")
      return swappedAxes(-1, -2)
    }
    let order = permutation.map { Shape.normalize($0, rank: rank, "transposed") }
    require(
      order.sorted() == Array(0..<rank), "transposed: \(permutation) is not a permutation of the \(rank) axes of shape \(shape)")
    return order == Array(0..<rank) ? self : .apply(Transpose(permutation: order), [self])
  }

  /// Two axes in each other's place.
  public func swappedAxes(_ first: Int, _ second: Int) -> Tensor {
    var order = Array(0..<rank)
    order.swapAt(Shape.normalize(first, rank: rank, "swappedAxes"), Shape.normalize(second, rank: rank, "swappedAxes"))
    return transposed(order)
  }

  /// Axis `source` at place `destination` of the result; the others keep their order.
  public func movedAxis(_ source: Int, to destination: Int) -> Tensor {
    var order = Array(0..<rank)
    let axis = order.remove(at: Shape.normalize(source, rank: rank, "movedAxis"))
    order.insert(axis, at: Shape.normalize(destination, rank: rank, "movedAxis"))
    return transposed(order)
  }

  /// Repeats axes of extent 1, and adds leading axes, to reach `shape` (NumPy rules).
  public func broadcast(to shape: [Int]) -> Tensor {
    if shape == self.shape { return self }
    require(Shape.broadcast(self.shape, shape) == shape, "broadcast: shape \(self.shape) does not broadcast to \(shape)")
    if let fill = node.primitive as? Fill { return .full(shape, fill.value, dtype: dtype) }
    return .apply(Broadcast(shape: shape), [self])
  }

  /// Inserts an axis of extent 1 before `axis` (-1: at the end).
  public func expanded(axis: Int) -> Tensor {
    var shape = shape
    shape.insert(1, at: Shape.normalize(axis, rank: rank + 1, "expanded"))
    return reshaped(shape)
  }

  /// Removes an axis of extent 1.
  public func squeezed(axis: Int) -> Tensor {
    var shape = shape
    let axis = Shape.normalize(axis, rank: rank, "squeezed")
    require(shape[axis] == 1, "squeezed: axis \(axis) of shape \(shape) has extent \(shape[axis]), not 1")
    shape.remove(at: axis)
    return reshaped(shape)
  }

  /// Joins tensors along an existing axis.
  public static func concatenated(_ parts: [Tensor], axis: Int) -> Tensor {
    require(!parts.isEmpty, "concatenated: no tensors given")
    let axis = Shape.normalize(axis, rank: parts[0].rank, "concatenated")
    for part in parts {
      var (a, b) = (part.shape, parts[0].shape)
      require(
        a.count == b.count && part.dtype == parts[0].dtype,
        "concatenated: \(part.spec) does not join \(parts[0].spec); give all one rank and dtype")
      (a[axis], b[axis]) = (0, 0)
      require(a == b, "concatenated: shapes \(part.shape) and \(parts[0].shape) differ outside axis \(axis)")
    }
    return parts.count == 1 ? parts[0] : .apply(Concatenate(axis: axis), parts)
  }

  /// Joins tensors of one shape along a new axis.
  public static func stacked(_ parts: [Tensor], axis: Int = 0) -> Tensor {
    concatenated(parts.map { $0.expanded(axis: axis) }, axis: axis)
  }

  /// `count` parts of one extent along `axis`.
  public func split(into count: Int, axis: Int = 0) -> [Tensor] {
    let axis = Shape.normalize(axis, rank: rank, "split")
    require(
      count > 0 && shape[axis] % count == 0,
      "split: axis \(axis) of shape \(shape) does not split into \(count) equal parts; name the sizes with split(sizes:axis:)")
    return split(sizes: [Int](repeating: shape[axis] / count, count: count), axis: axis)
  }

  /// Consecutive parts of extents `sizes` along `axis`.
  public func split(sizes: [Int], axis: Int = 0) -> [Tensor] {
    let axis = Shape.normalize(axis, rank: rank, "split")
    require(
      sizes.allSatisfy { $0 >= 0 } && sizes.reduce(0, +) == shape[axis],
      "split: sizes \(sizes) do not add up to axis \(axis) of shape \(shape)")
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return slice(axis: axis, start..<start + size)
    }
  }
}
