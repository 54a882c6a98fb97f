import Autodiff
import Testing

/// Values and pullbacks of JAX, written by `Golden/make_jax_indexing.py`.
struct IndexingCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Attributes: Decodable, Sendable {
    var axis, count, offset, part: Int?
    var axes, sizes: [Int]?
    var widths: [[Int]]?
    var value: Double?
    var mode, equation: String?
  }

  let name: String
  let operation: String
  let attributes: Attributes
  let inputs: [GoldenValues]
  let output: GoldenValues
  let cotangent: GoldenValues?
  let pullbacks: [GoldenValues?]?
  var testDescription: String { name }

  private struct File: Decodable { let cases: [IndexingCase] }
  static let all: [IndexingCase] = (try? (GoldenCase.read("jax_indexing.json") as File).cases) ?? []

  func callAsFunction(_ x: [Tensor]) -> Tensor {
    let (axis, count, offset) = (attributes.axis ?? 0, attributes.count ?? 0, attributes.offset ?? 0)
    let axes = attributes.axes.map { ($0[0], $0[1]) } ?? (-2, -1)
    switch operation {
    case "pad":
      let mode = attributes.mode!
      return x[0].padded(
        attributes.widths!.map { ($0[0], $0[1]) },
        with: mode == "edge" ? .edge : mode == "reflect" ? .reflect : .constant(attributes.value!))
    case "split":
      let parts = attributes.sizes.map { x[0].split(sizes: $0, axis: axis) } ?? x[0].split(into: count, axis: axis)
      return parts[attributes.part!]
    case "tile": return x[0].tiled(attributes.sizes!)
    case "repeat": return x[0].repeated(count, axis: axis)
    case "flip": return x[0].flipped(axis: axis)
    case "roll": return x[0].rolled(count, axis: axis)
    case "swapAxes": return x[0].swappedAxes(axes.0, axes.1)
    case "moveAxis": return x[0].movedAxis(axes.0, to: axes.1)
    case "diagonal": return x[0].diagonal(offset: offset, axes: axes)
    case "trace": return x[0].trace(offset: offset, axes: axes)
    case "diagonalMatrix": return x[0].diagonalMatrix()
    case "lowerTriangle": return x[0].lowerTriangle(offset: offset)
    case "upperTriangle": return x[0].upperTriangle(offset: offset)
    case "take": return x[0].take(x[1].cast(to: .int32), axis: axis)
    case "takeAlong": return x[0].takeAlong(x[1].cast(to: .int32), axis: axis)
    case "scatterAdd": return x[0].scatterAdd(x[2].cast(to: .int32), x[1], axis: axis)
    case "oneHot": return .oneHot(x[0].cast(to: .int32), count: count)
    case "argsort": return x[0].argsort(axis: axis)
    case "sort": return x[0].sorted(axis: axis)
    case "topK": return x[0].topK(count).values
    case "topKIndices": return x[0].topK(count).indices
    case "searchSorted": return x[0].searchSorted(x[1], afterEqual: attributes.mode == "right")
    case "einsum": return einsum(attributes.equation!, x)
    case "outer": return outer(x[0], x[1])
    case "inner": return inner(x[0], x[1])
    case "tensordot":
      guard let pairs = attributes.axes else { return tensordot(x[0], x[1], count: count) }
      return tensordot(x[0], x[1], axes: (Array(pairs[..<2]), Array(pairs[2...])))
    case "matmul": return x[0].matmul(x[1])
    case "triangularSolve": return x[0].triangularSolve(x[1], lower: attributes.mode == "lower")
    case "cholesky": return x[0].cholesky()
    default: preconditionFailure("no such operation: \(operation)")
    }
  }
}

@Suite struct IndexingTests {
  @Test func casesArePresent() { #expect(IndexingCase.all.count >= 200) }

  @Test(arguments: IndexingCase.all) func agreesWithJAX(_ golden: IndexingCase) {
    let inputs = golden.inputs.map(\.tensor)
    let output = golden(inputs)
    #expect(output.shape == golden.output.shape)
    expectClose(output.doubles, golden.output.values.map(\.value), 1e-13)
    guard let cotangent = golden.cotangent, let pullbacks = golden.pullbacks else { return }
    let pulled = vjp(inputs) { golden($0) }.pullback(cotangent.tensor)
    for (own, expected) in zip(pulled, pullbacks) {
      guard let expected else { continue }
      #expect(own.shape == expected.shape)
      expectClose(own.doubles, expected.values.map(\.value), 1e-12)
    }
  }

  /// Indices and orders run in shards of the batch, whole and per example, and give the same.
  @Test func compiledOverShards() {
    let x = Tensor.normal([300, 7], key: Key(seed: 1), dtype: .float64)
    let table = Tensor.normal([11, 5], key: Key(seed: 2), dtype: .float64)
    let step: @Sendable (Tensor, Tensor) -> [Tensor] = { x, table in
      let places = floor((sin(x.slice(axis: 1, 0..<1).squeezed(axis: 1)) + 1) * 5).cast(to: .int32)
      let loss = { (x: Tensor, table: Tensor) -> Tensor in
        let rows = table.take(places, axis: 0)
        let mixed = einsum("ni,nj->nij", x, rows).diagonal(offset: 1).sum(axis: 1)
        return (mixed * x.sorted(axis: 1).sum(axis: 1) + x.flipped(axis: 0).flipped(axis: 1).topK(2).values.sum(axis: 1)).mean()
      }
      let sorted = x.sorted(axis: 0, descending: true)
      return [
        grad(x) { loss($0, table) }, grad(table) { loss(x, $0) }, sorted, x.rolled(5, axis: 0).flipped(axis: 0) * 2,
        table.scatterAdd(places, x.slice(axis: 1, 0..<5), axis: 0),
      ]
    }
    let compiled = compile(step)
    for (a, b) in zip(compiled(x, table), step(x, table)) { expectClose(a.doubles, b.doubles, 1e-12) }
  }

  @Test func otherDtypes() {
    let whole = Tensor([3, 1, 2, 1] as [Int32], shape: [2, 2])
    #expect(whole.sorted(axis: 0).scalars(Int32.self) == [2, 1, 3, 1])
    #expect(whole.flipped(axis: 1).scalars(Int32.self) == [1, 3, 1, 2])
    #expect(einsum("ij,kj->ik", whole, whole).scalars(Int32.self) == [10, 7, 7, 5])
    #expect(Tensor([true, false, true]).take(Tensor([2, 1] as [Int32]), axis: 0).scalars(Bool.self) == [true, false])
    #expect(Tensor([true, false, true]).argsort().scalars(Int32.self) == [1, 0, 2])
    #expect(Tensor([2, -1, 0.5] as [Float]).topK(2).values.scalars(Float.self) == [2, 0.5])
    #expect(Tensor([.nan, 1, 2] as [Float]).sorted(descending: true).scalars(Float.self)[1...] == [2, 1])
    #expect(Tensor.iota([5])[1...][-1].item() == 4)
    #expect(Tensor.iota([5])[(-2)...].scalars(Int32.self) == [3, 4])
    #expect(Tensor.iota([5])[..<(-3)].scalars(Int32.self) == [0, 1])
    #expect(Tensor.iota([5])[...1].scalars(Int32.self) == [0, 1])
  }

  /// Long enough for several merges, against Swift's own sort of pairs.
  @Test(arguments: [1, 15, 16, 17, 33, 100, 1000]) func sortIsStable(_ count: Int) {
    let keys = floor(Tensor.uniform([count, 2], key: Key(seed: UInt64(count)), dtype: .float64) * 9)
    let order = keys.argsort(axis: 0).scalars(Int32.self)
    let values = keys.doubles
    for column in 0..<2 {
      let expected = (0..<count).sorted { (values[2 * $0 + column], $0) < (values[2 * $1 + column], $1) }
      #expect((0..<count).map { Int(order[2 * $0 + column]) } == expected)
    }
  }

  @Test func notPositiveDefiniteIsNamed() throws {
    let good = Tensor([4, 2, 2, 3] as [Double], shape: [2, 2])
    let bad = Tensor([1, 2, 2, 1] as [Double], shape: [2, 2])
    expectClose(try good.choleskyFactor().doubles, [2, 0, 1, 2.0.squareRoot()])
    #expect(throws: NotPositiveDefinite(matrix: 2, pivot: 1)) { _ = try Tensor.stacked([good, good, bad]).choleskyFactor() }
    #expect(throws: NotPositiveDefinite(matrix: 0, pivot: 0)) { _ = try (-bad).choleskyFactor() }
    #expect(Tensor.stacked([good, bad]).cholesky().doubles.map(\.isNaN) == [false, false, false, false, true, true, true, true])
    expectClose(try Tensor.zeros([0, 2, 2]).choleskyFactor().doubles, [])
  }
}
