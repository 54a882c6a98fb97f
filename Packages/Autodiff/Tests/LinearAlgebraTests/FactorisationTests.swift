import Autodiff
import AutodiffTestSupport
import LinearAlgebra
import Testing

/// Values and pullbacks of JAX, written by `AutodiffTests/Golden/make_jax_indexing.py`.
struct FactorisationCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let operation: String
  let inputs: [GoldenValues]
  let output: GoldenValues
  let cotangent: GoldenValues?
  let pullbacks: [GoldenValues?]?
  var testDescription: String { name }

  private struct File: Decodable { let cases: [FactorisationCase] }
  static let all: [FactorisationCase] = (try? (GoldenValues.read("jax_linear_algebra.json", besides: #filePath) as File).cases) ?? []

  func callAsFunction(_ x: [Tensor]) -> Tensor {
    switch operation {
    case "eigenvalues": return x[0].eigenSymmetric().values
    case "eigenvectorsSquared": return square(x[0].eigenSymmetric().vectors)
    case "qrFirst": return x[0].qr().q
    case "qrSecond": return x[0].qr().r
    case "singularValues": return x[0].singularValues()
    case "singularLeftSquared": return square(x[0].svd().u)
    case "singularRightSquared": return square(x[0].svd().vTransposed)
    case "logDeterminant": return x[0].logDeterminant().logMagnitude
    case "determinantSign": return x[0].logDeterminant().sign
    case "inverse": return x[0].inverse()
    case "solve": return x[0].solve(x[1])
    default: preconditionFailure("no such operation: \(operation)")
    }
  }
}

@Suite struct FactorisationTests {
  @Test func casesArePresent() { #expect(FactorisationCase.all.count >= 30) }

  @Test(arguments: FactorisationCase.all) func agreesWithJAX(_ golden: FactorisationCase) {
    let inputs = golden.inputs.map(\.tensor)
    let output = golden(inputs)
    #expect(output.shape == golden.output.shape)
    expectClose(output.doubles, golden.output.values.map(\.value), 1e-12)
    guard let cotangent = golden.cotangent, let pullbacks = golden.pullbacks else { return }
    let pulled = vjp(inputs) { golden($0) }.pullback(cotangent.tensor)
    for (own, expected) in zip(pulled, pullbacks) {
      guard let expected else { continue }
      #expect(own.shape == expected.shape)
      expectClose(own.doubles, expected.values.map(\.value), 1e-10)
    }
  }

  /// The factors put together give the matrix, in both precisions, for sizes on either side of LAPACK's blocks.
  @Test(arguments: [1, 2, 7, 33, 80], [DType.float32, .float64]) func factorsGiveTheMatrix(_ n: Int, _ dtype: DType) {
    let tolerance = dtype == .float32 ? 2e-5 : 1e-13
    let a = Tensor.normal([2, n, n + 3], key: Key(seed: UInt64(n)), dtype: dtype) * (1 / Double(n).squareRoot())
    let expectSame = { (x: Tensor, y: Tensor) in
      #expect(x.dtype == dtype && abs(x - y).max().item() < tolerance * Double(n), "\(abs(x - y).max().item())")
    }
    let unit = Tensor.identity(n, dtype: dtype)
    for matrix in [a, a.transposed()] {
      let (q, r) = matrix.qr()
      expectSame(q.matmul(r), matrix)
      expectSame(q.transposed().matmul(q), unit)
      let (u, values, vTransposed) = matrix.svd()
      expectSame((u * values.expanded(axis: -2)).matmul(vTransposed), matrix)
      expectSame(vTransposed.matmul(vTransposed.transposed()), unit)
    }
    let symmetric = a.matmul(a.transposed())
    let (values, vectors) = symmetric.eigenSymmetric()
    expectSame(vectors.matmul(values.diagonalMatrix()).matmul(vectors.transposed()), symmetric)
    #expect((values.slice(axis: -1, 1..<n) .>= values.slice(axis: -1, 0..<n - 1)).cast(to: .int32).sum().item() == Double(2 * (n - 1)))
    let regular = symmetric + unit
    expectSame(regular.matmul(regular.inverse()), unit)
    expectSame(regular.matmul(regular.solve(a)), a)
    expectSame(regular.logDeterminant().logMagnitude, log(regular.cholesky().diagonal()).sum(axis: -1) * 2)
  }

  /// A batch long enough for shards, on the threads of a compiled program.
  @Test func compiledOverShards() {
    let x = Tensor.normal([500, 4, 4], key: Key(seed: 3), dtype: .float64) * 0.3 + 2 * Tensor.identity(4, dtype: .float64)
    let step: @Sendable (Tensor) -> [Tensor] = { x in
      let loss = { (x: Tensor) -> Tensor in
        let (values, vectors) = x.eigenSymmetric()
        let flow = (vectors * exp(-values).expanded(axis: -2)).matmul(vectors.transposed())
        return (x.solve(flow) * x.inverse()).sum() + x.logDeterminant().logMagnitude.sum() + x.qr().r.trace().sum()
      }
      return [grad(x, loss), x.inverse(), x.solve(x.transposed()), x.singularValues()]
    }
    let compiled = compile(step)
    for (a, b) in zip(compiled(x), step(x)) { expectClose(a.doubles, b.doubles, 1e-10) }
  }

  /// Functions that treat equal eigenvalues alike have their derivative there too.
  @Test func equalEigenvalues() {
    let turn = Tensor.normal([4, 4], key: Key(seed: 7), dtype: .float64).qr().q
    let a = (turn * Tensor([1, 2, 2, 5] as [Double])).matmul(turn.transposed())
    // tr(A^3) and log det A, from the eigenvalues.
    let cubes = grad(a) { pow($0.eigenSymmetric().values, 3).sum() }
    expectClose(cubes.doubles, (3 * a.matmul(a)).doubles, 1e-12)
    let logs = grad(a) { log($0.eigenSymmetric().values).sum() }
    expectClose(logs.doubles, a.inverse().doubles, 1e-12)
    // The projector on the plane of the equal ones: d<P, W> along S = <P S (1 - P) G + transposed, W>, by finite differences.
    let weights = Tensor.normal([4, 4], key: Key(seed: 8), dtype: .float64)
    let projection = { (x: Tensor) -> Tensor in
      let plane = x.eigenSymmetric().vectors.slice(axis: 1, 1..<3)
      return (plane.matmul(plane.transposed()) * weights).sum()
    }
    let direction = Tensor.normal([4, 4], key: Key(seed: 9), dtype: .float64)
    let h = 1e-5
    let difference = (projection(a + h * direction) - projection(a - h * direction)).item() / (2 * h)
    expectClose([(grad(a, projection) * direction).sum().item()], [difference], 1e-8)
    // All equal: the identity.
    let one = Tensor.identity(3, dtype: .float64)
    expectClose(grad(one) { $0.eigenSymmetric().values.sum() }.doubles, one.doubles, 1e-14)
  }

  @Test func whatCannotBeFactoredIsNaN() {
    let good = Tensor([2, 1, 1, 3] as [Double], shape: [2, 2])
    let broken = Tensor([1, .nan, .nan, 1] as [Double], shape: [2, 2])
    let singular = Tensor([1, 2, 2, 4] as [Double], shape: [2, 2])
    let both = Tensor.stacked([good, broken])
    #expect(both.eigenSymmetric().values.doubles.map(\.isNaN) == [false, false, true, true])
    #expect(both.singularValues().doubles.map(\.isNaN) == [false, false, true, true])
    #expect(both.logDeterminant().logMagnitude.doubles.map(\.isNaN) == [false, true])
    #expect(Tensor.stacked([good, singular]).inverse().doubles.map(\.isNaN) == [false, false, false, false, true, true, true, true])
    #expect(singular.solve(Tensor([1, 1] as [Double])).doubles.map(\.isNaN) == [true, true])
    #expect(singular.logDeterminant().logMagnitude.item() == -.infinity)
    #expect(throws: SingularMatrix(matrix: 1)) { _ = try Tensor.stacked([good, singular]).checkedInverse() }
    #expect(throws: SingularMatrix(matrix: 0)) { _ = try broken.checkedSolve(Tensor([1, 1] as [Double])) }
  }

  @Test func emptyBatchesAndMatrices() throws {
    for shape in [[0, 3, 3], [2, 0, 0]] {
      let x = Tensor.zeros(shape, dtype: .float64)
      #expect(x.eigenSymmetric().values.doubles.isEmpty)
      #expect(x.qr().r.doubles.isEmpty)
      #expect(x.singularValues().doubles.isEmpty)
      #expect(try x.checkedInverse().doubles.isEmpty)
      #expect(x.logDeterminant().sign.doubles == [Double](repeating: 1, count: shape[0] == 0 ? 0 : 2))
      #expect(x.solve(x).shape == shape)
    }
    #expect(Tensor.zeros([3, 0], dtype: .float64).qr().q.shape == [3, 0])
    #expect(Tensor.zeros([0, 3], dtype: .float64).svd().vTransposed.shape == [0, 3])
  }

  @inline(never) static func misshapen() { print(Tensor.zeros([2, 3]).eigenSymmetric().values.doubles) }
  @inline(never) static func mismatched() { print(Tensor.identity(3).solve(Tensor.zeros([2, 2])).doubles) }

  @Test func wrongShapesTrap() async {
    let first = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { FactorisationTests.misshapen() }
    let second = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { FactorisationTests.mismatched() }
    let messages = [first, second].map { String(decoding: $0?.standardErrorContent ?? [], as: UTF8.self) }
    #expect(messages[0].contains("eigenSymmetric: needs square floating-point matrices [.., n, n], got float32[2, 3]"))
    #expect(messages[1].contains("solve: the right side float32[2, 2] must be float32[3] or [.., 3, m] for matrices float32[3, 3]"))
    #expect(messages.allSatisfy { $0.contains("FactorisationTests.swift") })
  }
}
