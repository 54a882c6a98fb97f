import Autodiff

/// A probability density with exact samples.
///
/// Event axes trail, batch axes lead: `x` is `[batch..., eventShape...]`.
public protocol Distribution: Sendable {
  var eventShape: [Int] { get }
  var dtype: DType { get }

  /// Normalised `log p(x)`, `[batch..., event...] -> [batch...]`.
  func logDensity(_ x: Tensor) -> Tensor

  /// Independent draws, `[count, event...]`.
  func sample(_ count: Int, key: Key) -> Tensor
}

extension Distribution {
  /// Traps unless the trailing axes of `x` are the event's.
  func requireEvent(_ x: Tensor, _ operation: String) {
    precondition(
      x.rank >= eventShape.count && Array(x.shape.suffix(eventShape.count)) == eventShape,
      "\(operation): x has shape \(x.shape), events have shape \(eventShape); give x as [batch..., event...]")
  }
}

/// `sum` over the last axis, `[batch..., d] -> [batch...]`.
func sumOverEvent(_ x: Tensor) -> Tensor { x.sum(axis: -1) }
