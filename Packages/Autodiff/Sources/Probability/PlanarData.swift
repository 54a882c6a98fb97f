import Autodiff

/// Laws of points in the plane that flows are tried on; the shapes and constants are those of FFJORD (Grathwohl et al. 2019).
///
/// Points are a pure function of the key. `float64` draws are `float32` draws in distribution, not in bits.
public enum PlanarData: String, Sendable, Hashable, Codable, CaseIterable {
  /// Eight normal laws of standard deviation 0.354 on a circle of radius 2.83.
  case eightGaussians = "eight-gaussians"
  /// Two half circles of radius 2 that hold each other.
  case moons
  /// Five bent arms.
  case pinwheel
  /// Uniform on the 8 black squares, 2 by 2, of a board of 4 by 4 squares on `[-4, 4]²`.
  case checkerboard
  /// A rolled-up strip.
  case swissRoll = "swiss-roll"
  /// Two concentric circles of radii 1.5 and 3.
  case circles
  /// Four concentric circles of radii 0.75, 1.5, 2.25 and 3.
  case rings
  /// Two spiral arms.
  case spirals

  /// `E log p(x)` in nats, the best mean log-likelihood that a model can have, where it has a closed form.
  public var bestLogLikelihood: Double? { self == .checkerboard ? -5 * 0.69314718055994531 : nil }

  /// `[count, 2]`
  public func sample(_ count: Int, key: Key, dtype: DType = .float32) -> Tensor {
    require(count >= 1, "PlanarData.sample: count \(count); give at least 1")
    let keys = key.split(4)
    let (first, second) = (Tensor.uniform([count], key: keys[0], dtype: dtype), Tensor.uniform([count], key: keys[1], dtype: dtype))
    let noise = Tensor.normal([count, 2], key: keys[2], dtype: dtype)
    /// A choice among `n` for each point, as a floating-point number.
    let choice = { (n: Int) in Tensor.randomIntegers([count], in: 0..<n, key: keys[3]).cast(to: dtype) }
    let turn = 2 * Double.pi
    switch self {
    case .eightGaussians:
      return (4.0 * onCircle(choice(8) * (turn / 8)) + 0.5 * noise) / 1.414
    case .moons:
      let (angle, lower) = (Double.pi * first, choice(2))
      let sign = 1.0 - 2.0 * lower
      let points = pair(sign * cos(angle) + lower, sign * sin(angle) + 0.5 * lower)
      return 2.0 * (points + 0.1 * noise) + Tensor([-1, -0.2], dtype: dtype)
    case .pinwheel:
      let (along, across) = (1.0 + 0.3 * noise[0..., 0], 0.1 * noise[0..., 1])
      let angle = choice(5) * (turn / 5) + 0.25 * exp(along)
      return 2.0 * pair(along * cos(angle) + across * sin(angle), across * cos(angle) - along * sin(angle))
    case .checkerboard:
      let (column, row) = (floor(4.0 * first), choice(2))
      return pair(4.0 * first - 2.0, second - 2.0 * row + remainder(column, Tensor(2, dtype: dtype))) * 2.0
    case .swissRoll:
      let angle = 1.5 * Double.pi * (1.0 + 2.0 * first)
      return (angle.expanded(axis: 1) * onCircle(angle) + noise) / 5.0
    case .circles:
      return 3.0 * ((1.0 - 0.5 * choice(2)).expanded(axis: 1) * onCircle(turn * first) + 0.08 * noise)
    case .rings:
      return 0.75 * (1.0 + choice(4)).expanded(axis: 1) * onCircle(turn * first) + 0.08 * noise
    case .spirals:
      let angle = 3 * Double.pi * sqrt(first)
      let jitter = Tensor.uniform([count, 2], lower: 0, upper: 0.5, key: keys[1], dtype: dtype)
      let arm = angle.expanded(axis: 1) * pair(-cos(angle), sin(angle)) + jitter
      return (1.0 - 2.0 * choice(2)).expanded(axis: 1) * arm / 3.0 + 0.1 * noise
    }
  }
}

/// Two coordinates `[n]` as points `[n, 2]`.
private func pair(_ x: Tensor, _ y: Tensor) -> Tensor { Tensor.stacked([x, y], axis: 1) }

/// `(cos, sin)` of angles `[n]`, `[n, 2]`.
private func onCircle(_ angle: Tensor) -> Tensor { pair(cos(angle), sin(angle)) }
