import Autodiff
import Testing

/// vmap = loop.
public enum VectorizeLaws {
  private static func examples(_ inputs: [Tensor], _ count: Int) -> [Tensor] {
    inputs.enumerated().map { index, input in
      let noise = Tensor.normal([count] + input.shape, key: Key(seed: 200).folded(index), dtype: .float64)
      return input.expanded(axis: 0) * (1 + 0.01 * noise)
    }
  }

  private static func loop(_ inputs: [Tensor], _ count: Int, _ function: ([Tensor]) -> Tensor) -> Tensor {
    Tensor.stacked((0..<count).map { row in function(inputs.map { $0.slice(axis: 0, row..<row + 1).squeezed(axis: 0) }) })
  }

  public static func equalsALoop(_ primitive: PrimitiveCase) {
    let inputs = examples(primitive.inputs, 3)
    let mapped = vmap(inputs) { primitive.function($0) }
    let looped = loop(inputs, 3, primitive.function)
    #expect(mapped.shape == looped.shape)
    expectClose(mapped.doubles, looped.doubles, 1e-12)
  }

  /// Each input in turn per example, the others shared.
  public static func sharedInputs(_ primitive: PrimitiveCase) {
    guard primitive.inputs.count > 1 else { return }
    for index in primitive.inputs.indices {
      let own = examples([primitive.inputs[index]], 3)[0]
      let function: @Sendable (Tensor) -> Tensor = { each in
        var inputs = primitive.inputs
        inputs[index] = each
        return primitive.function(inputs)
      }
      expectClose(vmap(own, function).doubles, loop([own], 3) { function($0[0]) }.doubles, 1e-12)
    }
  }

  public static func perExampleGradient(_ primitive: PrimitiveCase) {
    let inputs = examples(primitive.inputs, 3)
    let gradient: @Sendable ([Tensor]) -> [Tensor] = { x in grad(x) { sin(primitive.function($0)).sum() } }
    let mapped = vmap(inputs, gradient)
    for index in inputs.indices {
      expectClose(mapped[index].doubles, loop(inputs, 3) { gradient($0)[index] }.doubles, 1e-11)
    }
    let compiled = compile { (x: [Tensor]) -> [Tensor] in vmap(x, gradient) }
    for (a, b) in zip(compiled(inputs), mapped) { expectClose(a.doubles, b.doubles, 1e-11) }
  }
}
