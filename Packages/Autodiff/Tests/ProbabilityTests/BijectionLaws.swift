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

  @Test func catalogueHoldsEveryBijection() {
    let kinds = Set(bijections.map { String(describing: type(of: $0.value)).prefix { $0 != "<" } })
    #expect(
      kinds == ["Affine", "TriangularAffine", "IntervalLogit", "Inverted", "Composed", "ElementwiseMap", "Permutation", "Chain"])
    let functions = bijections.compactMap { ($0.value as? ElementwiseMap)?.function }
    #expect(functions == ElementwiseMap.Function.allCases)
  }
}
