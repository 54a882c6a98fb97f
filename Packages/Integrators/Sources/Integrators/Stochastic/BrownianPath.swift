/// What one step sees of a Brownian motion W over [s, t], h = t − s.
public struct BrownianIncrement<Noise: VectorSpace>: Sendable {
  /// W(t) − W(s), of variance h.
  public var displacement: Noise
  /// H = (1/h) ∫ (W(u) − W(s)) du − (W(t) − W(s))/2, of variance h/12, independent of the displacement.
  public var area: Noise

  @inlinable
  public init(displacement: Noise, area: Noise) {
    self.displacement = displacement
    self.area = area
  }

  /// I₍₁,₀₎/h = (1/h) ∫ (W(u) − W(s)) du.
  @inlinable
  public var mean: Noise { area.moved(0.5, along: displacement) }
}

/// A Brownian motion that can be asked for its increments.
public protocol BrownianPath<Noise>: Sendable {
  associatedtype Noise: CoordinateSpace

  /// The increment over [start, end].
  func increment(from start: Noise.Scalar, to end: Noise.Scalar) -> BrownianIncrement<Noise>
}

/// Increments that depend on the start of the interval and on nothing else: for fixed steps that neither overlap nor are
/// refined, at a cost independent of their number. The same key gives the same run.
public struct IndependentIncrements<Noise: CoordinateSpace>: BrownianPath {
  public let key: NoiseKey
  public let template: Noise

  /// `template` gives the shape of the noise; its values do not matter.
  @inlinable
  public init(like template: Noise, key: NoiseKey) {
    self.template = template
    self.key = key
  }

  @inlinable
  public func increment(from start: Noise.Scalar, to end: Noise.Scalar) -> BrownianIncrement<Noise> {
    let position = Double(start).bitPattern
    var displacement = key.normal(like: template, at: position, salt: 0)
    var area = key.normal(like: template, at: position, salt: 1)
    let duration = abs(end - start)
    displacement.scale(by: (end < start ? -1 : 1) * duration.squareRoot())
    area.scale(by: (duration / 12).squareRoot())
    return BrownianIncrement(displacement: displacement, area: area)
  }
}

extension VectorSpace {
  /// self = factor · self.
  @inlinable @inline(__always)
  mutating func scale(by factor: Scalar) {
    let copy = self
    add(factor - 1, times: copy)
  }
}
