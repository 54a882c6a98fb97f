/// What a subscript takes from one axis: an `Int` (the axis disappears) or a range of them.
///
/// Numbers below zero count from the end: `x[-1]`, `x[(-3)...]`. `0...` takes a whole axis.
public protocol AxisIndex {
  /// The wanted part of an axis of `extent` elements, and whether the axis disappears.
  func part(of extent: Int) -> (range: Range<Int>, removesAxis: Bool)
}

extension Int: AxisIndex {
  public func part(of extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    let start = self < 0 ? self + extent : self
    return (start..<start + 1, true)
  }
}

extension Range<Int>: AxisIndex {
  public func part(of extent: Int) -> (range: Range<Int>, removesAxis: Bool) { (self, false) }
}

extension ClosedRange<Int>: AxisIndex {
  public func part(of extent: Int) -> (range: Range<Int>, removesAxis: Bool) { (lowerBound..<upperBound + 1, false) }
}

extension PartialRangeFrom<Int>: AxisIndex {
  public func part(of extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    let start = lowerBound < 0 ? lowerBound + extent : lowerBound
    return (start..<Swift.max(start, extent), false)
  }
}

extension PartialRangeUpTo<Int>: AxisIndex {
  public func part(of extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    (0..<Swift.max(upperBound < 0 ? upperBound + extent : upperBound, 0), false)
  }
}

extension PartialRangeThrough<Int>: AxisIndex {
  public func part(of extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    (0..<Swift.max((upperBound < 0 ? upperBound + extent : upperBound) + 1, 0), false)
  }
}

extension Tensor {
  /// The part named by one index or range for each of the first axes: `x[0..., 1..<3, -1]`. What lies outside traps.
  public subscript(_ indices: any AxisIndex...) -> Tensor {
    require(indices.count <= rank, "subscript: \(indices.count) indices for a tensor of shape \(shape)")
    var (result, kept) = (self, [Int]())
    for (axis, index) in indices.enumerated() {
      let part = index.part(of: shape[axis])
      require(
        part.range.lowerBound >= 0 && part.range.upperBound <= shape[axis],
        "subscript: \(index) is out of range for axis \(axis) of shape \(shape)")
      result = result.slice(axis: axis, part.range)
      if !part.removesAxis { kept.append(part.range.count) }
    }
    return result.reshaped(kept + shape.dropFirst(indices.count))
  }

  /// Elements `range` along `axis`, every `step`-th of them.
  public func slice(axis: Int, _ range: Range<Int>, step: Int = 1) -> Tensor {
    let axis = Shape.normalize(axis, rank: rank, "slice")
    require(
      range.lowerBound >= 0 && range.upperBound <= shape[axis] && step > 0,
      "slice: \(range) by \(step) does not fit axis \(axis) of shape \(shape)")
    if range == 0..<shape[axis] && step == 1 { return self }
    return .apply(Slice(axis: axis, start: range.lowerBound, count: (range.count + step - 1) / step, step: step), [self])
  }
}
