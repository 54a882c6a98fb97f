import Autodiff
import Testing

/// vmap = loop, for every primitive and under other transforms.
@Suite struct VectorizeTests {
  @Test(arguments: PrimitiveCatalogue.all) func equalsALoop(_ primitive: PrimitiveCase) { VectorizeLaws.equalsALoop(primitive) }
  @Test(arguments: PrimitiveCatalogue.all) func sharedInputs(_ primitive: PrimitiveCase) { VectorizeLaws.sharedInputs(primitive) }
  @Test(arguments: PrimitiveCatalogue.all) func perExampleGradient(_ primitive: PrimitiveCase) {
    VectorizeLaws.perExampleGradient(primitive)
  }

  @Test func nestsInAnyOrder() {
    let x = Tensor.normal([4, 3], key: Key(seed: 1), dtype: .float64)
    let w = Tensor.normal([3], key: Key(seed: 2), dtype: .float64)
    func energy(_ x: Tensor, _ w: Tensor) -> Tensor { (tanh(x * w) * x).sum() }
    // grad over vmap: a shared parameter collects from all examples.
    let shared = grad(w) { w in vmap(x) { energy($0, w) }.sum() }
    expectClose(shared.doubles, grad(w) { energy(x, $0) }.doubles, 1e-13)
    // vmap over vmap.
    let pairs = vmap(x) { a in vmap(x) { b in (a * b).sum() } }
    expectClose(pairs.doubles, x.matmul(x.transposed()).doubles, 1e-13)
    // Per-example gradients sum to the gradient of the sum.
    let each = perExampleGradients(w, x) { energy($1, $0) }
    #expect(each.shape == [4, 3])
    expectClose(each.sum(axis: 0).doubles, shared.doubles, 1e-13)
    // A result that no example changes.
    expectClose(vmap(x) { _ in w }.doubles, w.broadcast(to: [4, 3]).doubles)
    // Behind stopGradient values still differ by example.
    expectClose(vmap(x) { stopGradient($0) * 2.0 }.doubles, (x * 2.0).doubles)
  }

  @Test func readingAnExampleTraps() async {
    await #expect(processExitsWith: .failure) { _ = vmap(Tensor.ones([2, 2])) { $0 * $0.sum().item() } }
  }

  @inline(never) static func differentNumbersOfExamples() {
    print(vmap(Tensor.ones([2]), Tensor.ones([3])) { $0 + $1 }.doubles)
  }

  @Test func differentNumbersOfExamplesTrap() async {
    let exit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      VectorizeTests.differentNumbersOfExamples()
    }
    let message = String(decoding: exit?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("do not hold the same number of examples"))
    #expect(message.contains("VectorizeTests.swift"))
  }
}
