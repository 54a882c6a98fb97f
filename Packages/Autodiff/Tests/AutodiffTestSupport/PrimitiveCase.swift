import Autodiff
import Testing

/// A differentiable function of some tensors, with inputs at which it is smooth.
public struct PrimitiveCase: Sendable, CustomTestStringConvertible {
  public let name: String
  public let inputs: [Tensor]
  public let function: @Sendable ([Tensor]) -> Tensor
  public var testDescription: String { name }

  public init(_ name: String, _ inputs: [Tensor], _ function: @escaping @Sendable ([Tensor]) -> Tensor) {
    self.name = name
    self.inputs = inputs
    self.function = function
  }
}

public func expectClose(
  _ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(a.count == b.count, sourceLocation: sourceLocation)
  for (x, y) in zip(a, b) {
    #expect(
      x == y || x.isNaN && y.isNaN || abs(x - y) <= tolerance * max(1, abs(x), abs(y)), "\(x) and \(y)", sourceLocation: sourceLocation)
  }
}
