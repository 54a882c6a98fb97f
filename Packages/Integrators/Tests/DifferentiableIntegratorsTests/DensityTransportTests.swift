import Autodiff
import DifferentiableIntegrators
import Integrators
import Testing

@Suite struct DensityTransportTests {
  static let points = Tensor([0.3, -0.8, 1.2, 0.1, -0.4, 0.6], shape: [3, 2])

  static func linear(_ matrix: Tensor) -> ParametricField<Tensor, Tensor> { ParametricField(matrix) { matrix, x, _ in x.matmul(matrix) } }

  /// log p falls by T tr A along dx/dt = x A.
  @Test func linearFlowChangesItByTheTrace() {
    let matrix = Tensor([0.4, -0.9, 0.7, 0.3], shape: [2, 2])
    let change = { (matrix: Tensor) in
      integrate(
        DensityTransport(Self.linear(matrix)), from: DensityState(point: Self.points), over: TimeGrid(to: 1.5, steps: 10),
        with: .continuousAdjoint(ExplicitRungeKutta(.rungeKutta4))
      ).logDensity
    }
    #expect(change(matrix).doubles.allSatisfy { abs($0 + 1.5 * 0.7) < 1e-14 })
    let gradient = grad(matrix) { change($0).sum() }.doubles
    for (value, expected) in zip(gradient, [-4.5, 0, 0, -4.5]) { #expect(abs(value - expected) < 1e-13) }
  }

  /// Random signs find the trace of a diagonal matrix without error, and of any other on average.
  @Test func hutchinsonIsExactForDiagonalFieldsAndUnbiased() {
    func change(_ matrix: [Double], probes: Int) -> [Double] {
      let transport = DensityTransport(
        Self.linear(Tensor(matrix, shape: [2, 2])), divergence: .hutchinson(probes: probes, key: Key(seed: 3)))
      let run: @Sendable (DensityTransport<ParametricField<Tensor, Tensor>>, DensityState) -> DensityState = {
        integrate($0, from: $1, over: TimeGrid(to: 1, steps: 4), with: .checkpointed(ExplicitRungeKutta(.rungeKutta4)))
      }
      let compiled = compile(run)
      return compiled(transport, DensityState(point: Self.points)).logDensity.doubles
    }
    #expect(change([0.4, 0, 0, 0.3], probes: 1).allSatisfy { abs($0 + 0.7) < 1e-14 })
    let one = change([0.4, -0.9, 0.7, 0.3], probes: 1)
    #expect(one.allSatisfy { abs(abs($0 + 0.7) - 0.2) < 1e-13 })
    let many = change([0.4, -0.9, 0.7, 0.3], probes: 100)
    #expect(many.allSatisfy { abs($0 + 0.7) < 0.08 })
  }

  /// −log |det ∂x(T)/∂x(0)| by finite differences.
  @Test func fieldOfANetworkAgreesWithTheDeterminant() {
    let times = TimeGrid(from: 0.2, to: 1.7, steps: 100)
    let end = { (x: Tensor) in
      integrate(DrivenNetwork(), from: x, over: times, with: .checkpointed(ExplicitRungeKutta(.rungeKutta4))).doubles
    }
    let change = integrate(
      DensityTransport(DrivenNetwork()), from: DensityState(point: Self.points), over: times,
      with: .checkpointed(ExplicitRungeKutta(.rungeKutta4)))
    let spacing = 1e-5
    let columns = (0..<2).map { axis in
      let shift = Tensor((0..<6).map { $0 % 2 == axis ? spacing : 0 }, shape: [3, 2])
      return zip(end(Self.points + shift), end(Self.points - shift)).map { ($0 - $1) / (2 * spacing) }
    }
    for row in 0..<3 {
      let determinant = columns[0][2 * row] * columns[1][2 * row + 1] - columns[1][2 * row] * columns[0][2 * row + 1]
      let expected = -logarithm(determinant)
      #expect(abs(change.logDensity.doubles[row] - expected) < 1e-8)
      #expect(abs(expected) > 0.01)
    }
  }

  private func logarithm(_ x: Double) -> Double { log(Tensor(x, dtype: .float64)).item() }

  /// There and back, the density of a point is what it was.
  @Test func backwardsUndoesForwards() {
    let method: DifferentiableMethod<DensityTransport<DrivenNetwork>, DensityState> = .checkpointed(ExplicitRungeKutta(.rungeKutta4))
    let transport = DensityTransport(DrivenNetwork())
    let there = integrate(transport, from: DensityState(point: Self.points), over: TimeGrid(from: 0, to: 1, steps: 50), with: method)
    let back = integrate(transport, from: there, over: TimeGrid(from: 1, to: 0, steps: 50), with: method)
    #expect(back.logDensity.doubles.allSatisfy { abs($0) < 1e-7 })
    #expect(relativeDifference(back.point, Self.points) < 1e-7)
    #expect(there.logDensity.doubles.allSatisfy { abs($0) > 0.01 })
  }
}
