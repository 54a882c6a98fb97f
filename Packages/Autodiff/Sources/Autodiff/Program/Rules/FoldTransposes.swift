/// Transposes become flags of the matrix products that read them; products over one element become element-wise.
struct FoldTransposes: RewriteRule {
  func rewrite(_ primitive: any Primitive, _ operands: [Int], _ graph: inout GraphRewriter) -> Int? {
    guard let product = primitive as? MatrixProduct else { return nil }
    for side in 0..<2 {
      guard let transpose = graph.primitive(operands[side]) as? Transpose, transpose.swapsOnlyTheLastTwo else { continue }
      var inner = operands
      inner[side] = graph.inputs(operands[side])[0]
      return graph.add(
        MatrixProduct(
          transposeLeft: product.transposeLeft != (side == 0), transposeRight: product.transposeRight != (side == 1)), inner)
    }
    let result = product.result(of: operands.map(graph.spec))
    let (m, n, k) = product.extents(graph.spec(operands[0]).shape, graph.spec(operands[1]).shape)
    guard k == 1, result.rank == 2, operands.count == 2 else { return nil }
    // An outer product is element-wise, and then fuses with its neighbours.
    let column = graph.add(Broadcast(shape: result.shape), [graph.add(Reshape(shape: [m, 1]), [operands[0]])])
    let row = graph.add(Broadcast(shape: result.shape), [graph.add(Reshape(shape: [1, n]), [operands[1]])])
    return graph.add(.multiply, [column, row])
  }
}

extension Transpose {
  var swapsOnlyTheLastTwo: Bool {
    var swapped = Array(permutation.indices)
    guard swapped.count >= 2 else { return false }
    swapped.swapAt(swapped.count - 1, swapped.count - 2)
    return permutation == swapped
  }
}
