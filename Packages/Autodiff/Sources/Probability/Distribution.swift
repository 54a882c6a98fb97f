import Autodiff

/// A probability density with exact samples.
///
/// Event axes trail, batch axes lead: `x` is `[batch..., eventShape...]`. For a discrete law the density is with respect to
/// counting: a probability.
public protocol Distribution: Sendable {
  var eventShape: [Int] { get }
  var dtype: DType { get }

  /// Whether samples carry derivatives with respect to all parameters (the reparametrisation of Kingma and Welling 2014).
  var isReparameterized: Bool { get }

  /// Normalised `log p(x)`, `[batch..., event...] -> [batch...]`.
  func logDensity(_ x: Tensor) -> Tensor

  /// Independent draws, `[count, event...]`.
  func sample(_ count: Int, key: Key) -> Tensor
}

/// A distribution whose entropy has a closed form.
public protocol ClosedFormEntropy: Distribution {
  /// `-E[log p]`, in nats, `[]`; differential for densities.
  var entropy: Tensor { get }
}

/// A distribution whose Kullback-Leibler divergence to another of its kind has a closed form.
public protocol ClosedFormDivergence: Distribution {
  /// `KL(self ‖ other) = E_self[log self - log other]`, in nats, `[]`.
  func kullbackLeibler(to other: Self) -> Tensor
}

/// Independent coordinates, the event is `[d]`: what is known of each is summed over them.
public protocol CoordinateDistribution: Distribution, Module {
  /// `log p_i(x_i)`, `[batch..., d] -> [batch..., d]`.
  func coordinateLogDensity(_ x: Tensor) -> Tensor
}

extension CoordinateDistribution {
  public func logDensity(_ x: Tensor) -> Tensor {
    requireEvent(x, "\(Self.self).logDensity")
    return sumOverEvent(coordinateLogDensity(x))
  }
}

extension Distribution {
  public var isReparameterized: Bool { false }

  /// Traps unless the trailing axes of `x` are the event's.
  func requireEvent(_ x: Tensor, _ operation: String) { requireTrailing(x, eventShape, operation) }
}

/// Traps unless the trailing axes of `x` are `eventShape`.
func requireTrailing(_ x: Tensor, _ eventShape: [Int], _ operation: String) {
  require(
    x.rank >= eventShape.count && Array(x.shape.suffix(eventShape.count)) == eventShape,
    "\(operation): x has shape \(x.shape), events have shape \(eventShape); give x as [batch..., event...]")
}

/// Traps unless all parameters have one shape `[d]`.
func requireVectors(_ type: String, _ parameters: KeyValuePairs<String, Tensor>) {
  let shape = parameters.first?.value.shape ?? []
  require(
    shape.count == 1 && parameters.allSatisfy { $0.value.shape == shape },
    "\(type): \(parameters.map { "\($0.key) \($0.value.shape)" }.joined(separator: ", ")); give \(parameters.count) of one shape [d]")
}

/// `sum` over the last axis, `[batch..., d] -> [batch...]`.
func sumOverEvent(_ x: Tensor) -> Tensor { x.sum(axis: -1) }

/// `log sqrt(2π)`
let logRootTwoPi = 0.91893853320467274178
