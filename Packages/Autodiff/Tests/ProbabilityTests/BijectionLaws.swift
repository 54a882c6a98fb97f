import Autodiff
import Probability
import Testing

private let points = double([0.3, -1.2, 2.0, 0.7, -0.4, -0.1], [3, 2])

/// `∂y_i/∂x_j` of one point `[2]`, one forward derivative for each column.
private func jacobian(_ x: Tensor, _ map: (Tensor) -> Tensor) -> [[Double]] {
  let columns = (0..<2).map { column in
    jvp(x, along: double((0..<2).map { $0 == column ? 1 : 0 }, [1, 2]), map).tangent.doubles
  }
  return (0..<2).map { row in columns.map { $0[row] } }
}

struct BijectionLaws {
  @Test(arguments: bijections)
  func inverseUndoesForward(_ named: Named<any Bijection>) {
    let (y, forward) = named.value.forward(points)
    let (x, inverse) = named.value.inverse(y)
    for (a, b) in zip(x.doubles, points.doubles) { #expect((a - b).magnitude < 1e-12) }
    for (a, b) in zip(forward.doubles, inverse.doubles) { #expect((a + b).magnitude < 1e-12) }
  }

  @Test(arguments: bijections)
  func logDeterminantIsThatOfTheMapAsCalled(_ named: Named<any Bijection>) {
    for row in 0..<3 {
      let x = points.slice(axis: 0, row..<row + 1)
      let (y, logDeterminant) = named.value.forward(x)
      let forward = determinant(jacobian(x) { named.value.forward($0).y })
      #expect((logDeterminant.doubles[0] - referenceLog(forward.magnitude)).magnitude < 1e-11)
      let inverse = determinant(jacobian(y) { named.value.inverse($0).x })
      #expect((named.value.inverse(y).logDeterminant.doubles[0] - referenceLog(inverse.magnitude)).magnitude < 1e-11)
    }
  }

  @Test(arguments: bijections)
  func shapesFollowTheContract(_ named: Named<any Bijection>) {
    let batch = Tensor.full([4, 3, 2], 0.25, dtype: .float64)
    let (y, logDeterminant) = named.value.forward(batch)
    #expect(y.shape == [4, 3, 2] && logDeterminant.shape == [4, 3])
    let (x, back) = named.value.inverse(y)
    #expect(x.shape == [4, 3, 2] && back.shape == [4, 3])
  }

  @Test(arguments: bijections)
  func everyParameterHasAGradient(_ named: Named<any Bijection>) {
    func check<Map: Bijection>(_ map: Map) {
      let weights = double([0.3, -0.7, 1.1, 0.9, -0.2, 0.4], [3, 2])
      let gradient = grad(map) { map in
        let (y, logDeterminant) = map.forward(points)
        return (square(y) * weights).sum() + (logDeterminant * double([1, -2, 0.5])).sum()
      }
      for (path, tensor, isParameter) in gradient.namedTensors() where isParameter {
        #expect(tensor.doubles.contains { $0 != 0 } && tensor.doubles.allSatisfy { $0.isFinite }, "\(path)")
      }
    }
    check(named.value)
  }

  @Test(arguments: bijections)
  func savedTensorsMakeTheSameMap(_ named: Named<any Bijection>) throws {
    func check<Map: Bijection>(_ map: Map) throws {
      let saved = Dictionary(uniqueKeysWithValues: map.namedTensors().map { ($0.path, $0.tensor) })
      var other = map.mapTensors { $0 * 0.5 + 0.1 }
      try other.load(saved)
      #expect(other.forward(points).y.doubles == map.forward(points).y.doubles)
      #expect(other.forward(points).logDeterminant.doubles == map.forward(points).logDeterminant.doubles)
    }
    try check(named.value)
  }

  @Test func intervalLogitStaysInItsBox() {
    let box = IntervalLogit(lower: double([0.4, 0]), upper: double([1, 1]))
    let y = box.forward(double([-30, 30], [1, 2])).y.doubles
    #expect(y[0] >= 0.4 && y[0] < 0.4001 && y[1] <= 1 && y[1] > 0.9999)
    #expect(box.forward(double([0, 0], [1, 2])).y.doubles == [0.7, 0.5])
  }

  @Test func elementwiseMapsStayExactFarOut() {
    for function in ElementwiseMap.Function.allCases {
      let map = ElementwiseMap(function, dimension: 1)
      let low = map.forward(double([-40], [1, 1]))
      let known: Double =
        switch function {
        case .exp, .softplus, .sigmoid: -40
        case .tanh: 2 * referenceLog(2) - 80
        }
      #expect((low.logDeterminant.item() - known).magnitude < 1e-12, "\(function)")
    }
    let (x, _) = ElementwiseMap(.softplus, dimension: 1).inverse(double([1e-12], [1, 1]))
    #expect((x.item() - referenceLog(1e-12)).magnitude < 1e-9)
  }

  @Test func permutationSendsCoordinatesWhereItSays() {
    let y = Permutation([2, 0, 1]).forward(double([1, 2, 3, 4, 5, 6], [2, 3])).y
    #expect(y.doubles == [3, 1, 2, 6, 4, 5])
    #expect(Permutation([2, 0, 1]).inverse(y).x.doubles == [1, 2, 3, 4, 5, 6])
  }

  @Test func chainNamesItsParts() {
    let chain = Chain([Affine(shift: double([0, 0]), logScale: double([0, 0])), Permutation([1, 0])])
    #expect(chain.namedTensors().map(\.path) == ["0.shift", "0.logScale"])
    #expect(grad(chain) { $0.forward(points).logDeterminant.sum() }.tensors()[1].doubles == [3, 3])
  }

  @Test func actNormStandardizesWhatItSees() {
    let y = ActNorm(dimension: 2, dtype: .float64).initialized(from: points, key: Key(seed: 1)).forward(points).y
    for (mean, variance) in zip(y.mean(axis: 0).doubles, y.variance(axis: 0).doubles) {
      #expect(mean.magnitude < 1e-12 && (variance - 1).magnitude < 1e-10)
    }
  }

  @Test func eachPartOfAChainStartsFromItsOwnInput() {
    let parts: [any Bijection] = [
      ActNorm(dimension: 2, dtype: .float64), Permutation([1, 0]),
      Coupling(SmallConditioner(1, 2), transform: .affine(), dimension: 2, kept: 1), ActNorm(dimension: 2, dtype: .float64),
    ]
    let chain = Chain(parts).initialized(from: points, key: Key(seed: 1))
    let before = Chain(Array(chain.bijections.prefix(2))).forward(points).y
    let middle = chain.bijections[2] as? Coupling<SmallConditioner>
    let bias = SmallConditioner(1, 2).bias + before.slice(axis: 1, 0..<1).mean()
    #expect(middle?.conditioner.bias.doubles == bias.doubles)
    #expect(chain.forward(points).y.mean(axis: 0).doubles.allSatisfy { $0.magnitude < 1e-12 })
  }

  @Test func zeroParametersAreTheIdentity() {
    for transform: CoordinateTransform in [.additive, .affine(), .affine(bound: 2), .rationalQuadratic(bins: 6, reach: 3)] {
      let (y, logDerivative) = transform.forward(points, .zeros([3, 2 * transform.parameterCount], dtype: .float64))
      for (a, b) in zip(y.doubles, points.doubles) { #expect((a - b).magnitude < 1e-14) }
      #expect(logDerivative.doubles.allSatisfy { $0.magnitude < 1e-14 })
    }
  }

  @Test func splineIsTheIdentityOutsideAndPassesThroughItsKnots() {
    let parameters = double((0..<11).map { referenceCos(Double($0)) }, [1, 11, 1]).broadcast(to: [3, 11, 1])
    let spline = RationalQuadraticSpline(parameters, bins: 4, reach: 2)
    let (y, logDerivative) = spline.forward(double([-3, 2, 5], [3, 1]))
    #expect(y.doubles == [-3, 2, 5] && logDerivative.doubles == [0, 0, 0])
    // The first knot lies at -2 + 4 (1e-3 + (1 - 4e-3) softmax(parameters)), along x and along y.
    let knot = { (part: Range<Int>) -> Double in
      let weights = part.map { referenceExp(referenceCos(Double($0))) }
      return -2 + 4 * (1e-3 + (1 - 4e-3) * weights[0] / weights.reduce(0, +))
    }
    let first = spline.forward(double([knot(0..<4), 0, 0], [3, 1])).y.doubles[0]
    #expect((first - knot(4..<8)).magnitude < 1e-13)
  }

  @Test func pluLinearIsItsMatrix() {
    let map = PLULinear(
      order: [2, 0, 1], lower: double([0, 0, 0, 0.5, 0, 0, -0.3, 0.2, 0], [3, 3]), upper: double([0, 1, 2, 0, 0, -1, 0, 0, 0], [3, 3]),
      logDiagonal: double([0, referenceLog(2), 0]), sign: double([1, 1, -1]))
    // (x P)_i = x_order(i), then L, then U.
    let permuted = double([3, 1, 2], [1, 3])
    let lower = double([1, 0, 0, 0.5, 1, 0, -0.3, 0.2, 1], [3, 3])
    let upper = double([1, 1, 2, 0, 2, -1, 0, 0, -1], [3, 3])
    let expected = permuted.matmul(lower).matmul(upper).doubles
    for (a, b) in zip(map.forward(double([1, 2, 3], [1, 3])).y.doubles, expected) { #expect((a - b).magnitude < 1e-14) }
  }

  @Test func catalogueHoldsEveryBijection() {
    let kinds = Set(bijections.map { String(describing: type(of: $0.value)).prefix { $0 != "<" } })
    #expect(
      kinds == [
        "Affine", "TriangularAffine", "IntervalLogit", "Inverted", "Composed", "ElementwiseMap", "Permutation", "Chain", "ActNorm",
        "PLULinear", "Coupling", "MaskedAutoregressive",
      ])
    let functions = bijections.compactMap { ($0.value as? ElementwiseMap)?.function }
    #expect(functions == ElementwiseMap.Function.allCases)
  }
}
