import Autodiff
import KernelFlows
import NeuralNetworks
import Probability
import Testing

/// One layer in six coordinates of which three are kept, with seven points.
private func layer(_ form: StationaryKernel.Form) -> Coupling<KernelConditioner<StationaryKernel>> {
  let conditioner = KernelConditioner(
    kernel: StationaryKernel(form, lengthscale: Lengthscale(1.2, dtype: .float64)), points: normal([7, 3], seed: 1),
    coefficients: 0.4 * normal([7, 6], seed: 2))
  return Coupling(conditioner, transform: .affine(), dimension: 6, kept: 3)
}

struct KernelCouplingTests {
  @Test func logDeterminantIsThatOfFiniteDifferences() {
    let map = layer(.squaredExponential)
    let x = normal([1, 6], seed: 3)
    let h = 1e-5
    let columns = (0..<6).map { column in
      let step = double((0..<6).map { $0 == column ? h : 0 }, [1, 6])
      return (map.forward(x + step).y - map.forward(x - step).y) / (2 * h)
    }
    let numeric = logAbsoluteDeterminant(Tensor.concatenated(columns, axis: 0))
    #expect((map.forward(x).logDeterminant.item() - numeric).magnitude < 1e-9)
  }

  @Test(arguments: StationaryKernel.Form.allCases)
  func logScaleIsBoundedByItsCoefficients(_ form: StationaryKernel.Form) {
    let map = layer(form)
    let parameters = map.conditioner(3.0 * normal([200, 3], seed: 4))
    let bound = abs(map.conditioner.coefficients).sum(axis: 0).doubles
    for row in 0..<200 {
      for (value, limit) in zip(parameters[row].doubles, bound) { #expect(value.magnitude <= limit) }
    }
  }

  @Test func layerIsTheIdentityFarAway() {
    let x = normal([4, 6], seed: 5) + 60.0
    let (y, logDeterminant) = layer(.squaredExponential).forward(x)
    #expect(y.doubles == x.doubles && logDeterminant.doubles == [0, 0, 0, 0])
  }

  @Test(arguments: StationaryKernel.Form.allCases)
  func movingPointsAndInputsTogetherChangesNothing(_ form: StationaryKernel.Form) {
    let map = layer(form)
    let (u, shift) = (normal([5, 3], seed: 6), double([2, -1, 0.5]))
    var moved = map.conditioner
    moved.points = moved.points + shift
    for (a, b) in zip(map.conditioner(u).doubles, moved(u + shift).doubles) { #expect((a - b).magnitude < 1e-6) }
  }

  @Test func fullDataHasTwoCoefficientsForEachRowAndChangedCoordinate() throws {
    let rows = normal([30, 5], seed: 7)
    let flow = try KernelCouplingFlow(
      KernelFlowConfiguration(architecture: .ferumalRealNVP, layers: 1, expansion: .fullData), rows: rows, key: Key(seed: 1),
      dtype: .float64)
    let coupling = flow.map.bijections.compactMap { $0 as? Coupling<KernelConditioner<StationaryKernel>> }[0]
    #expect(coupling.conditioner.coefficients.count == 2 * 30 * 3)
    #expect(coupling.parameterCount == 2 * 30 * 3 + 1)
    // W is the layer's own input, row for row.
    let before = Chain(Array(flow.map.bijections.prefix(2))).forward(rows).y
    #expect(coupling.conditioner.points.doubles == before.slice(axis: 1, 0..<2).doubles)
  }

  @Test func pointsStartAsRowsOfTheLayersOwnInput() throws {
    let rows = 2.0 * normal([50, 4], seed: 8) + 1.0
    let flow = try KernelCouplingFlow(
      KernelFlowConfiguration(layers: 3, points: 8), rows: rows, key: Key(seed: 1), dtype: .float64)
    for (index, part) in flow.map.bijections.enumerated() {
      guard let coupling = part as? Coupling<KernelConditioner<StationaryKernel>> else { continue }
      let input = Chain(Array(flow.map.bijections.prefix(index))).forward(rows).y.doubles
      let known = Set(stride(from: 0, to: input.count, by: 4).map { [input[$0], input[$0 + 1]] })
      let points = coupling.conditioner.points.doubles
      let own = stride(from: 0, to: points.count, by: 2).map { [points[$0], points[$0 + 1]] }
      #expect(Set(own).count == 8 && own.allSatisfy { known.contains($0) }, "layer \(index)")
      #expect(
        (coupling.conditioner.kernel.lengthscale.value.item() / medianDistance(Tensor(input, shape: [50, 4]).slice(axis: 1, 0..<2)) - 1)
          .magnitude < 1e-12)
    }
  }

  @Test func thereAreNoMorePointsThanRows() throws {
    let flow = try KernelCouplingFlow(
      KernelFlowConfiguration(layers: 1, points: 150), rows: normal([12, 4], seed: 9), key: Key(seed: 1), dtype: .float64)
    let coupling = flow.map.bijections.compactMap { $0 as? Coupling<KernelConditioner<StationaryKernel>> }[0]
    #expect(coupling.conditioner.points.shape == [12, 2])
  }

  @Test func squaredNormIsThatOfTheSpace() {
    let conditioner = layer(.matern32).conditioner
    let gram = conditioner.kernel.gram(conditioner.points, conditioner.points)
    let expected = (0..<6).reduce(0.0) { sum, column in
      let a = conditioner.coefficients.slice(axis: 1, column..<column + 1)
      return sum + a.transposed().matmul(gram.matmul(a)).item()
    }
    #expect((conditioner.squaredNorm.item() - expected).magnitude < 1e-12)
  }

  @Test func mistakesAreNamed() {
    func message(_ configuration: KernelFlowConfiguration, dimension: Int) -> String {
      do throws(ConfigurationError) {
        try configuration.validate(dimension: dimension)
        return ""
      } catch { return "\(error)" }
    }
    #expect(message(KernelFlowConfiguration(), dimension: 1).contains("dimension is 1; give rows of two coordinates or more"))
    #expect(message(KernelFlowConfiguration(layers: 0), dimension: 2) == "layers is 0; give a positive number")
    #expect(message(KernelFlowConfiguration(hidden: [8, 0]), dimension: 2) == "hidden is [8, 0]; give positive sizes")
    #expect(message(KernelFlowConfiguration(bins: 1), dimension: 2).contains("bins is 1"))
    #expect(message(KernelFlowConfiguration(), dimension: 2) == "")
  }
}
