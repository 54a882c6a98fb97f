import Autodiff
import Testing

/// checkpointed, customDerivative and linearize, alone and inside of other transforms.
@Suite struct TransformTests {
  private let x = Tensor.normal([4, 3], key: Key(seed: 1), dtype: .float64)
  private let w = Tensor.normal([3, 3], key: Key(seed: 2), dtype: .float64)

  private static func block(_ x: Tensor, _ w: Tensor) -> Tensor { tanh(softplus(x.matmul(w)) - x) }

  @Test func checkpointedHasTheSameDerivatives() {
    let plain: @Sendable ([Tensor]) -> Tensor = { p in
      square((0..<3).reduce(p[0]) { x, _ in TransformTests.block(x, p[1]) }).sum()
    }
    // The weights are captured, the activations passed.
    let saving: @Sendable ([Tensor]) -> Tensor = { p in
      square((0..<3).reduce(p[0]) { x, _ in checkpointed(x) { TransformTests.block($0, p[1]) } }).sum()
    }
    let inputs = [x, w]
    let directions = [w.matmul(w), x].reversed().map { sin($0) }
    expectClose([saving(inputs).item()], [plain(inputs).item()], 1e-14)
    expectEqual(grad(inputs, saving), grad(inputs, plain), 1e-13)
    expectEqual(hvp(inputs, along: directions, saving), hvp(inputs, along: directions, plain), 1e-12)
    let compiled = compile { (p: [Tensor]) -> [Tensor] in grad(p, saving) }
    expectEqual(compiled(inputs), grad(inputs, plain), 1e-13)
    let each = vmap(x) { row in grad(row.expanded(axis: 0)) { saving([$0, w]) } }
    let plainEach = vmap(x) { row in grad(row.expanded(axis: 0)) { plain([$0, w]) } }
    expectEqual([each], [plainEach], 1e-12)
  }

  @Test func checkpointedNeedsLessMemory() {
    func bytes(_ wrap: @escaping @Sendable (Tensor, (Tensor) -> Tensor) -> Tensor) -> Int {
      program(
        of: { (x: Tensor) -> Tensor in
          grad(x) { x in
            (0..<8).reduce(x) { x, _ in wrap(x) { (0..<8).reduce($0) { x, k in sin(x.matmul(x) * (0.1 + Double(k))) } } }.sum()
          }
        }, for: Tensor.normal([40, 40], key: Key(seed: 1))
      ).memoryByteCount
    }
    let (kept, again) = (bytes { $1($0) }, bytes { checkpointed($0, $1) })
    #expect(Double(again) < 0.45 * Double(kept))
  }

  @Test func customDerivativeReplacesTheAutomaticOne() {
    let clipped: @Sendable (Tensor) -> Tensor = { x in
      customDerivative(x, { square($0) }, pullback: { x, _, cotangent in clamp(cotangent * 2.0 * x, -1, 1) })
    }
    let point = Tensor([0.2, -3, 5] as [Double])
    expectClose(clipped(point).doubles, [0.04, 9, 25])
    expectClose(grad(point) { clipped($0).sum() }.doubles, [0.4, -1, 1])
    let compiled = compile { (x: Tensor) -> Tensor in grad(x) { clipped($0).sum() } }
    expectClose(compiled(point).doubles, [0.4, -1, 1])
    expectClose(vmap(point) { x in grad(x) { clipped($0) } }.doubles, [0.4, -1, 1])
  }

  @Test func customDerivativeHasForwardModeAndHigherOrders() {
    // Twice the true slope, so that the rule and not the function is what counts.
    let doubled: @Sendable (Tensor) -> Tensor = { x in
      customDerivative(x, { sin($0) }, pullback: { x, _, cotangent in 2.0 * cotangent * cos(x) })
    }
    let point = Tensor([0.3, 1.1] as [Double])
    let direction = Tensor([1.0, -2.0] as [Double])
    expectClose(jvp(point, along: direction) { doubled($0) }.tangent.doubles, (2.0 * cos(point) * direction).doubles)
    expectClose(hessian(point) { doubled($0).sum() }.doubles, [-2 * 0.29552020666133957, 0, 0, -2 * 0.8912073600614354], 1e-13)
    expectClose(vmap(point) { x in jvp(x, along: x) { doubled($0) }.tangent }.doubles, (2.0 * cos(point) * point).doubles)
  }

  @Test func linearizeIsManyDirections() {
    let (value, forward) = linearize(x) { TransformTests.block($0, w) }
    expectClose(value.doubles, TransformTests.block(x, w).doubles)
    for seed in 0..<3 {
      let direction = Tensor.normal(x.shape, key: Key(seed: UInt64(seed)), dtype: .float64)
      expectClose(forward(direction).doubles, jvp(x, along: direction) { TransformTests.block($0, w) }.tangent.doubles)
    }
  }

  @Test func anOperandMistakeNamesTheUsersLine() async {
    let exit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { TransformTests.addMisshapen() }
    let message = String(decoding: exit?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("add: shapes [2] and [3] do not broadcast"))
    #expect(message.contains("TransformTests.swift:"))
  }

  @inline(never) static func addMisshapen() { print((Tensor.ones([2]) + Tensor.ones([3])).doubles) }
}
