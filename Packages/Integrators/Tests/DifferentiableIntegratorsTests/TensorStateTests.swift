import Autodiff
import DifferentiableIntegrators
import Integrators
import Testing

/// H = p²/2 + q²/2 + q⁴/4 on plain numbers.
struct PlainDuffing: SeparableHamiltonian {
  func velocity(_ momentum: Double) -> Double { momentum }
  func force(_ position: Double) -> Double { -position - position * position * position }
}

@Suite struct TensorStateTests {
  let duffing = EnergyGradients(inverseMass: Tensor(1, dtype: .float64)) { q in
    (0.5 * q * q + 0.25 * q * q * q * q).sum(axis: -1)
  }

  @Test func scaledAdditionIsThatOfTheElements() {
    var state = Tensor([1.0, 2.0])
    state.add(0.5, times: Tensor([4.0, -2.0]))
    #expect(state.doubles == [3, 1])
    let single = Tensor([1.0], dtype: .float32).moved(0.5, along: Tensor([4.0], dtype: .float32))
    #expect(single.dtype == .float32 && single.doubles == [3])
  }

  @Test(arguments: Palindrome.catalogue)
  func rowsOfATensorFollowPlainNumbers(_ row: Palindrome) {
    let positions = [0.3, -0.8, 1.1]
    let start = Phase(position: Tensor(positions, shape: [3, 1]), momentum: Tensor([1.0, 0.5, -0.2], shape: [3, 1]))
    let end = integrate(duffing, from: start, stepSize: 0.1, steps: 20, with: SplittingMethod(row))
    for (index, momentum) in [1.0, 0.5, -0.2].enumerated() {
      let alone = Phase(position: positions[index], momentum: momentum)
      let plain = integrate(PlainDuffing(), from: alone, stepSize: 0.1, steps: 20, with: SplittingMethod(row))
      #expect(abs(end.position.doubles[index] - plain.position) < 1e-13)
      #expect(abs(end.momentum.doubles[index] - plain.momentum) < 1e-13)
    }
  }

  @Test func kineticEnergyMayBeAnyFunction() {
    let relativistic = EnergyGradients(kinetic: { p in sqrt(1 + p * p).sum(axis: -1) }, potential: { q in 0.5 * (q * q).sum(axis: -1) })
    let momentum = Tensor([3.0, -1.0], shape: [2, 1])
    let velocity = relativistic.velocity(momentum).doubles
    #expect(abs(velocity[0] - 3 / 10.0.squareRoot()) < 1e-15)
    #expect(abs(velocity[1] + 1 / 2.0.squareRoot()) < 1e-15)
    #expect(relativistic.force(momentum).doubles == [-3, 1])
  }

  @Test(arguments: Palindrome.catalogue)
  func reversedReturnsToTheStart(_ row: Palindrome) {
    let potential = NeuralPotential(width: 16, seed: 3)
    let system = EnergyGradients(inverseMass: Tensor(1.7, dtype: .float64)) { potential($0) }
    let start = Phase(position: Tensor([0.3, -0.8], shape: [1, 2]), momentum: Tensor([0.5, 0.9], shape: [1, 2]))
    let end = integrate(system, from: start, stepSize: 0.1, steps: 10, with: SplittingMethod(row))
    let back = integrate(system, from: end, stepSize: 0.1, steps: 10, with: SplittingMethod(row).reversed)
    let pairs = zip(back.position.doubles + back.momentum.doubles, [0.3, -0.8, 0.5, 0.9])
    #expect(pairs.allSatisfy { abs($0 - $1) < 1e-14 })
    #expect(abs(end.position.doubles[0] - 0.3) > 0.01)
  }

  @Test func compiledRunAgreesWithTheEagerOne() {
    let potential = NeuralPotential(width: 16, seed: 5)
    let run: @Sendable (NeuralPotential, Phase<Tensor>) -> Phase<Tensor> = { potential, start in
      let system = EnergyGradients(inverseMass: Tensor(1, dtype: .float64)) { potential($0) }
      return integrate(system, from: start, stepSize: 0.1, steps: 5, with: SplittingMethod(.leapfrog))
    }
    let keys = Key(seed: 1).split()
    let start = Phase(
      position: Tensor.normal([8, 2], key: keys[0], dtype: .float64), momentum: Tensor.normal([8, 2], key: keys[1], dtype: .float64))
    let eager = run(potential, start)
    let program = compile(run)
    let compiled = program(potential, start)
    for (a, b) in zip(eager.position.doubles + eager.momentum.doubles, compiled.position.doubles + compiled.momentum.doubles) {
      #expect(abs(a - b) < 1e-13)
    }
  }
}
