/// A Brownian path on [start, end] that is a function of its key: any increment, asked for at any time and in any order,
/// belongs to the one path, and none of it is stored.
///
/// Halving an interval of length r on which the displacement W and the area H are known,
/// W₁ = W/2 + 3H/2 + z, H₁ = H/4 − z/2 + n/2, W₂ = W/2 − 3H/2 − z, H₂ = H/4 − z/2 − n/2 with z ~ N(0, r/16), n ~ N(0, r/12).
/// Below the resolution the path is the parabola with the W and H of its interval.
/// Jelinčič, Foster, Kidger, arXiv:2405.06464 (2024); Foster, Lyons, Oberhauser, SIAM J. Numer. Anal. 58, 1393 (2020).
public struct VirtualBrownianTree<Noise: CoordinateSpace>: BrownianPath {
  public typealias Scalar = Noise.Scalar

  public let key: NoiseKey
  public let start: Scalar
  public let end: Scalar
  /// How often an interval is halved, at most.
  public let depth: Int
  public let template: Noise

  /// `template` gives the shape of the noise; its values do not matter. Steps shorter than `resolution` see a smooth path.
  @inlinable
  public init(like template: Noise, key: NoiseKey, from start: Scalar, to end: Scalar, resolution: Scalar) {
    precondition(start < end, "VirtualBrownianTree: from \(start) to \(end) is no interval; let the start come first")
    precondition(
      resolution > 0 && (end - start) / resolution < 0x1p62,
      "VirtualBrownianTree: a resolution of \(resolution) on [\(start), \(end)] needs more than 62 halvings; give a larger one")
    self.template = template
    self.key = key
    self.start = start
    self.end = end
    var depth = 0
    var length = end - start
    while length > resolution {
      length /= 2
      depth += 1
    }
    self.depth = depth
  }

  @inlinable
  public func increment(from start: Scalar, to end: Scalar) -> BrownianIncrement<Noise> {
    let before = point(at: start)
    let after = point(at: end)
    let displacement = after.value.moved(-1, along: before.value)
    // H = (∫W du)/h − (W(s) + W(t))/2
    var area = after.integral.moved(-1, along: before.integral)
    area.scale(by: 1 / (end - start))
    area.add(-0.5, times: before.value)
    area.add(-0.5, times: after.value)
    return BrownianIncrement(displacement: displacement, area: area)
  }

  /// W(t), which is zero at the start.
  @inlinable
  public func value(at time: Scalar) -> Noise { point(at: time).value }

  /// W(t) and its integral from the start.
  @inlinable
  func point(at time: Scalar) -> (value: Noise, integral: Noise) {
    precondition(
      time >= start && time <= end,
      "VirtualBrownianTree: \(time) is outside of [\(start), \(end)]; let the tree span the whole run")
    var left = start
    var length = end - start
    var value = template.filled(with: 0)
    var integral = value
    var displacement = key.normal(like: template, at: 0, salt: 0)
    displacement.scale(by: length.squareRoot())
    var area = key.normal(like: template, at: 0, salt: 1)
    area.scale(by: (length / 12).squareRoot())
    var node: UInt64 = 1
    for _ in 0..<depth {
      if time == left { return (value, integral) }
      if time == left + length { break }
      var shift = key.normal(like: template, at: node, salt: 0)
      shift.scale(by: length.squareRoot() / 4)
      var tilt = key.normal(like: template, at: node, salt: 1)
      tilt.scale(by: (length / 12).squareRoot())
      // W/2 and 3H/2 + z; H/4 − z/2 and n/2.
      var half = displacement
      half.scale(by: 0.5)
      let bend = shift.moved(1.5, along: area)
      area.scale(by: 0.25)
      area.add(-0.5, times: shift)
      length /= 2
      let middle = left + length
      if time < middle {
        displacement = half.moved(1, along: bend)
        area.add(0.5, times: tilt)
        node = 2 * node
      } else {
        let leftDisplacement = half.moved(1, along: bend)
        // ∫ over the left half: r (W(left) + W₁/2 + H₁).
        integral.add(length, times: value)
        integral.add(length / 2, times: leftDisplacement)
        integral.add(length, times: area.moved(0.5, along: tilt))
        value.add(1, times: leftDisplacement)
        displacement = half.moved(-1, along: bend)
        area.add(-0.5, times: tilt)
        left = middle
        node = 2 * node + 1
      }
    }
    // The mean path given W and H: s W + 6 s (1 − s) H.
    let s = (time - left) / length
    integral.add(time - left, times: value)
    integral.add(length * s * s / 2, times: displacement)
    integral.add(length * s * s * (3 - 2 * s), times: area)
    value.add(s, times: displacement)
    value.add(6 * s * (1 - s), times: area)
    return (value, integral)
  }
}
