/// What `padded` puts around a tensor.
public enum Padding: Sendable, Hashable {
  case constant(Double)
  /// The first and last elements again.
  case edge
  /// The elements mirrored about the first and the last one, which are not repeated.
  case reflect
}

extension Tensor {
  /// `before` and `after` more elements along `axis`.
  public func padded(axis: Int, before: Int = 0, after: Int = 0, with padding: Padding = .constant(0)) -> Tensor {
    let axis = Shape.normalize(axis, rank: rank, "padded")
    let extent = shape[axis]
    require(before >= 0 && after >= 0, "padded: \(before) before and \(after) after axis \(axis); give counts of 0 or more")
    var parts = [self]
    switch padding {
    case .constant(let value):
      let filling = { (count: Int) -> Tensor in
        var shape = shape
        shape[axis] = count
        return .full(shape, value, dtype: dtype)
      }
      parts = [filling(before), self, filling(after)]
    case .edge:
      require(before + after == 0 || extent > 0, "padded: axis \(axis) of shape \(shape) is empty and has no edge; pad with .constant")
      let edge = { (place: Int, count: Int) in slice(axis: axis, place..<place + 1).repeated(count, axis: axis) }
      if before > 0 { parts.insert(edge(0, before), at: 0) }
      if after > 0 { parts.append(edge(extent - 1, after)) }
    case .reflect:
      require(
        Swift.max(before, after) < Swift.max(extent, 1),
        "padded: axis \(axis) of shape \(shape) has no \(Swift.max(before, after)) elements to reflect; pad less, or with .edge")
      if before > 0 { parts.insert(slice(axis: axis, 1..<before + 1).flipped(axis: axis), at: 0) }
      if after > 0 { parts.append(slice(axis: axis, extent - 1 - after..<extent - 1).flipped(axis: axis)) }
    }
    let filled = parts.filter { $0.shape[axis] > 0 }
    return filled.isEmpty ? self : .concatenated(filled, axis: axis)
  }

  /// Elements around every axis: `widths` has one pair for each.
  public func padded(_ widths: [(before: Int, after: Int)], with padding: Padding = .constant(0)) -> Tensor {
    require(widths.count == rank, "padded: \(widths.count) pairs of widths for a tensor of shape \(shape); give one for each axis")
    return widths.indices.reduce(self) { $0.padded(axis: $1, before: widths[$1].before, after: widths[$1].after, with: padding) }
  }

  /// The whole tensor `repeats[axis]` times along each axis; leading axes are added where `repeats` has more (`numpy.tile`).
  public func tiled(_ repeats: [Int]) -> Tensor {
    require(repeats.allSatisfy { $0 >= 0 }, "tiled: \(repeats) has a negative count")
    let axes = Swift.max(rank, repeats.count)
    let own = [Int](repeating: 1, count: axes - rank) + shape
    let times = [Int](repeating: 1, count: axes - repeats.count) + repeats
    return reshaped(own.flatMap { [1, $0] }).broadcast(to: zip(times, own).flatMap { [$0, $1] }).reshaped(zip(times, own).map(*))
  }

  /// Every element `count` times in a row along `axis` (`numpy.repeat`).
  public func repeated(_ count: Int, axis: Int) -> Tensor {
    let axis = Shape.normalize(axis, rank: rank, "repeated")
    require(count >= 0, "repeated: \(count) is negative")
    var (spread, joined) = (shape, shape)
    spread.insert(count, at: axis + 1)
    joined[axis] *= count
    return reshaped(Array(shape[...axis] + [1] + shape[(axis + 1)...])).broadcast(to: spread).reshaped(joined)
  }

  /// The elements along `axis` from the last to the first.
  public func flipped(axis: Int) -> Tensor {
    let axis = Shape.normalize(axis, rank: rank, "flipped")
    return shape[axis] < 2 ? self : .apply(Slice(axis: axis, start: shape[axis] - 1, count: shape[axis], step: -1), [self])
  }

  /// The elements along `axis` moved on by `shift` places; those that leave at one end come back at the other (`numpy.roll`).
  public func rolled(_ shift: Int, axis: Int) -> Tensor {
    let axis = Shape.normalize(axis, rank: rank, "rolled")
    let extent = shape[axis]
    guard extent > 1 else { return self }
    let places = ((shift % extent) + extent) % extent
    let parts = split(sizes: [extent - places, places], axis: axis)
    return places == 0 ? self : .concatenated([parts[1], parts[0]], axis: axis)
  }
}
