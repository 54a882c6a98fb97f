import Autodiff
import Foundation
import Testing

/// The reference interpreter as the oracle of everything else.
@Suite struct ReferenceTests {
  /// Value, gradient and a second derivative along a direction.
  private static func everything(_ primitive: PrimitiveCase, _ dtype: DType) -> @Sendable ([Tensor]) -> [Tensor] {
    let directions = primitive.inputs.enumerated().map { Tensor.normal($1.shape, key: Key(seed: 7).folded($0), dtype: dtype) }
    return { x in
      let loss: @Sendable ([Tensor]) -> Tensor = { sin(primitive.function($0)).sum() }
      let second = jvp(x, along: directions) { grad($0, loss) }
      return [primitive.function(x)] + second.value + second.tangent
    }
  }

  private func executorsAgree(_ primitive: PrimitiveCase, _ dtype: DType, _ tolerance: Double) {
    let inputs = primitive.inputs.map { $0.cast(to: dtype) }
    let function = ReferenceTests.everything(primitive, dtype)
    let prepared = BothExecutors.prepare(inputs, function)
    let interpreted = prepared.reference.call(inputs)
    #expect(Difference.first(prepared.fast.call(inputs), interpreted, tolerance) == nil)
    #expect(Difference.first(function(inputs), interpreted, tolerance) == nil)
  }

  @Test(arguments: PrimitiveCatalogue.all) func executorsAgreeInDoublePrecision(_ primitive: PrimitiveCase) {
    executorsAgree(primitive, .float64, 1e-12)
  }

  /// Both round after every operation, so second derivatives may differ by some tens of roundings.
  @Test(arguments: PrimitiveCatalogue.all) func executorsAgreeInSinglePrecision(_ primitive: PrimitiveCase) {
    executorsAgree(primitive, .float32, 2e-5)
  }

  @Test(arguments: PrimitiveCatalogue.all) func everyPrimitiveHasARule(_ primitive: PrimitiveCase) {
    let prepared = BothExecutors.prepare(primitive.inputs, ReferenceTests.everything(primitive, .float64))
    #expect(!prepared.reference.description.contains("by a kernel of its own"))
  }

  /// What is written in the sources: a primitive of the engine conforms to the protocol of the rules too.
  @Test func everyPrimitiveInTheSourcesHasARule() throws {
    let sources = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Sources/Autodiff").standardized
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
    let text = try files.filter { $0.pathExtension == "swift" }.map { try String(contentsOf: $0, encoding: .utf8) }.joined()
    let primitives = text.matches(of: /\n(?:public )?struct (\w+): (?:Primitive|MultipleResults)\b/).map { String($0.1) }
    let rules = Set(text.matches(of: /\nextension (\w+): Reference(?:Rule|Results)\b/).map { String($0.1) })
    // Given values and parts of a block of results, which the interpreter handles itself, and what only passes make.
    let given: Set<String> = ["Argument", "Captured", "Placeholder", "Stored", "Projection", "PackedFactor"]
    #expect(primitives.count > 25)
    #expect(Set(primitives).subtracting(rules).subtracting(given) == [])
  }

  /// An operation that no executor knows.
  private struct Tripled: Primitive {
    var name: String { "tripled" }
    func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[0] }
    func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
      let count = output.count
      return Kernel { arguments in
        let (x, y) = (arguments.pointer(0).assumingMemoryBound(to: Double.self), arguments.pointer(1).assumingMemoryBound(to: Double.self))
        for index in 0..<count { y[index] = 3 * x[index] }
      }
    }
    func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] { [.apply(self, [cotangent])] }
  }

  @Test func aPrimitiveOfTheUserRunsByItsOwnKernel() {
    let x = Tensor([1, 2, -4] as [Double])
    let prepared = BothExecutors.prepare([x]) { x in
      let (value, gradient) = valueAndGrad(x) { Tensor.apply(Tripled(), [square($0[0])]).sum() }
      return [value] + gradient
    }
    #expect(prepared.reference.description.contains("tripled"))
    #expect(prepared.reference.description.contains("by a kernel of its own"))
    #expect(prepared.reference.call([x])[1].doubles == [6, 12, -24])
    #expect(prepared.fast.call([x])[1].doubles == [6, 12, -24])
  }

  @Test func nestedFunctionsAreListed() {
    let x = Tensor([1, 2, -4] as [Double])
    let prepared = BothExecutors.prepare([x]) { x in
      [scan(Tensor(0, dtype: .float64), over: x[0]) { carry, x in (tanh(carry + x), carry) }.outputs]
    }
    #expect(prepared.reference.description.contains("tanh"))
  }
}
