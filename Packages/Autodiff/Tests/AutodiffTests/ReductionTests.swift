import Autodiff
import Testing

/// What reductions do at the edges: empty and missing axes, infinities, wrong axes and dtypes.
@Suite struct ReductionTests {
  private let infinity = Double.infinity

  /// The limit where JAX has NaN: an infinite element has all of the weight, and nothing has a weight in an empty sum.
  @Test func logSumExpHasGradientsAtInfinity() {
    let rows = Tensor([infinity, 1, 2, -infinity, -infinity, -infinity, -infinity, 3, 3], shape: [3, 3], dtype: .float64)
    #expect(rows.logSumExp(axis: 1).doubles == [infinity, -infinity, 3 + 0.6931471805599453])
    let gradient = grad(rows) { $0.logSumExp(axis: 1).sum() }
    expectClose(gradient.doubles, [1, 0, 0, 0, 0, 0, 0, 0.5, 0.5])
    let forward = jvp(rows, along: .ones(like: rows)) { $0.logSumExp(axis: 1) }
    expectClose(forward.tangent.doubles, [1, 0, 1])
    let running = Tensor([-infinity, 1, -infinity, infinity, 2], dtype: .float64)
    expectClose(running.cumulativeLogSumExp(axis: 0).doubles, [-infinity, 1, 1, infinity, infinity])
    let last = grad(running) { $0.cumulativeLogSumExp(axis: 0).slice(axis: 0, 2..<3).sum() }
    expectClose(last.doubles, [0, 1, 0, 0, 0])
    #expect(grad(running) { $0.cumulativeLogSumExp(axis: 0).sum() }.doubles.allSatisfy { $0.isFinite })
  }

  /// Integers small enough for exact sums, at every number of columns around the widths of vectors, in memory that ends with them.
  @Test(arguments: [DType.float32, .float64, .int32]) func columnsOfEveryWidth(_ dtype: DType) {
    for width in 1...35 {
      for length in [1, 2, 15, 16, 17, 70, 131] {
        let values = (0..<2 * length * width).map { Double(($0 * 7919) % 23) - 11 }
        let x = Tensor(values, shape: [2, length, width], dtype: .float64).cast(to: dtype)
        let column = { (combine: (Double, Double) -> Double) in
          (0..<2 * width).map { index in
            let (outer, inner) = (index / width, index % width)
            return (0..<length).map { values[(outer * length + $0) * width + inner] }.reduce(nil as Double?) { total, next in
              total.map { combine($0, next) } ?? next
            }!
          }
        }
        #expect(x.sum(axis: 1).doubles == column(+), "\(length) x \(width)")
        #expect(x.max(axis: 1).doubles == column { Swift.max($0, $1) }, "\(length) x \(width)")
        #expect(x.min(axis: 1).doubles == column { Swift.min($0, $1) }, "\(length) x \(width)")
      }
    }
  }

  @Test func logSumExpOfMaskedRowsHasSecondDerivatives() {
    let x = Tensor([-infinity, 0, 0], dtype: .float64)
    expectClose(hessian(x) { $0.logSumExp() }.doubles, [0, 0, 0, 0, 0.25, -0.25, 0, -0.25, 0.25])
  }

  @Test func normHasGradientZeroAtZero() {
    let x = Tensor([0, 0, 3, 4], shape: [2, 2], dtype: .float64)
    expectClose(grad(x) { $0.norm(axis: 1).sum() }.doubles, [0, 0, 0.6, 0.8])
    expectClose(hessian(Tensor.zeros([2], dtype: .float64)) { $0.norm() }.doubles, [0, 0, 0, 0])
  }

  /// Over no elements max and min are the neutral elements; JAX has no answer.
  @Test func extremesOverNoElements() {
    let empty = Tensor.zeros([2, 0], dtype: .float64)
    #expect(empty.max(axis: 1).doubles == [-infinity, -infinity])
    #expect(empty.min(axis: 1).doubles == [infinity, infinity])
    #expect(Tensor.zeros([0], dtype: .int32).max().item() == Double(Int32.min))
    #expect(grad(empty) { $0.max(axis: 1).sum() }.shape == [2, 0])
    let compiled = compile { (x: Tensor) -> Tensor in
      (x * 0 + Tensor.ones([2, 0], dtype: .float64)).max(axis: 1) + Tensor.zeros([2, 0], dtype: .float64).max(axis: 1)
    }
    #expect(compiled(empty).doubles == [-infinity, -infinity])
  }

  @Test func productsOfConstantsFoldRight() {
    let compiled = compile { (x: Tensor) -> Tensor in x * Tensor.full([3, 2], 2, dtype: .float64).product(axis: 0) }
    #expect(compiled(Tensor([1, 1], dtype: .float64)).doubles == [8, 8])
    #expect(Tensor.zeros([2, 0], dtype: .int32).product(axis: 1).doubles == [1, 1])
  }

  /// Hessian of a product at two zeros: only the mixed derivative of the two is not 0.
  @Test func secondDerivativesOfAProductAtZeros() {
    let x = Tensor([0, 3, 0], dtype: .float64)
    #expect(hessian(x) { $0.product() }.doubles == [0, 0, 3, 0, 0, 0, 3, 0, 0])
    let third = jacobian(x) { x in hessian(x) { $0.product() } }
    #expect(third.reshaped([27]).doubles.filter { $0 == 1 }.count == 6)
  }

  @Test func signOfAZeroProductSurvives() {
    let products = Tensor([-1, 0, 2], dtype: .float64).cumulativeProduct(axis: 0).doubles
    #expect(products == [-1, 0, 0] && products[1].sign == .minus && products[2].sign == .minus)
  }

  @Test func axesAreNamedOnce() async {
    let x = Tensor.ones([2, 3])
    #expect(x.sum(axes: [-1, 0]).shape == [] && x.sum(axes: []).shape == [2, 3])
    #expect(x.argmax().shape == [] && x.argmax(keepingDimensions: true).shape == [1, 1])
    #expect(x.argmin(axis: -1, keepingDimensions: true).shape == [2, 1])
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Tensor.ones([2, 3]).sum(axes: [1, -1]) },
      "sum: axes [1, -1] of shape [2, 3] name an axis twice")
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Tensor.ones([2, 3]).mean(axis: 2) },
      "axis 2 is out of range for a tensor of rank 2; use -2..<2")
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Tensor(1).softmax() },
      "softmax: axis -1 is out of range for a tensor of rank 0")
  }

  @Test func dtypesWithoutMeaningTrap() async {
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([true, false]).sum()
      }, "sum: bool[2] has no arithmetic; use any or all, or cast(to: .int32) first")
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([1, 2] as [Int32]).mean()
      }, "mean: needs floating-point elements, got int32[2]; convert with cast(to: .float32)")
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([1, 2] as [Int32]).logSumExp()
      }, "logSumExp: needs floating-point elements, got int32[2]")
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor([true]).cumulativeProduct(axis: 0)
      }, "cumulativeProduct: bool[1] has no arithmetic")
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.zeros([2, 0]).argmax(axis: 1)
      }, "argmax: axis 1 of shape [2, 0] is empty, so no index is right")
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = exp(Tensor([1, 2] as [Int32]))
      }, "exp: needs floating-point elements, got int32[2]; convert with cast(to: .float32)")
  }
}
