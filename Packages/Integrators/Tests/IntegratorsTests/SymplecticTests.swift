import CAllocationCounter
import Integrators
import Testing

/// H = p²/2 + q²/2 + q⁴/4 with everything that any method asks for.
private struct Quartic: MeasurableHamiltonian, ForceGradientHamiltonian, SymplecticParts, LangevinSystem {
  func velocity(_ momentum: Double) -> Double { momentum }
  func force(_ position: Double) -> Double { -position - position * position * position }
  func hessian(at position: Double, times direction: Double) -> Double { (1 + 3 * position * position) * direction }
  func kineticEnergy(_ momentum: Double) -> Double { momentum * momentum / 2 }
  func potentialEnergy(_ position: Double) -> Double { position * position / 2 + position * position * position * position / 4 }
  func thermalMomentum(_ noise: Double) -> Double { noise }
  var partCount: Int { 2 }
  func flow(of part: Int, _ state: inout Phase<Double>, for time: Double) {
    if part == 0 {
      state.rotate(angularFrequency: 1, for: time)
    } else {
      state.momentum -= time * state.position * state.position * state.position
    }
  }
}

/// A bead on a circle in single precision and a drift of a Brownian particle, for the counts of allocations.
private struct Bead: ConstrainedHamiltonian {
  func velocity(_ momentum: SIMD2<Double>) -> SIMD2<Double> { momentum }
  func force(_ position: SIMD2<Double>) -> SIMD2<Double> { SIMD2(0, -1) }
  var constraintCount: Int { 1 }
  func constraint(_ index: Int, at position: SIMD2<Double>) -> Double { ((position * position).sum() - 1) / 2 }
  func constraintGradient(_ index: Int, at position: SIMD2<Double>) -> SIMD2<Double> { position }
}

private struct Growth: DiagonalNoiseSystem {
  func drift(_ state: Double, at time: Double) -> Double { 0.1 * state }
  func diffusion(_ state: Double, at time: Double, times noise: Double) -> Double { 0.2 * state * noise }
}

@Suite struct SymplecticTests {
  private let start = Phase(position: 0.7, momentum: -0.4)

  /// A step of −h of the adjoint undoes a step of h; a step of −h of the row itself does not.
  @Test(arguments: KickDriftSequence.catalogue)
  func adjointUndoesAStep(_ row: KickDriftSequence) {
    let end = integrate(Quartic(), from: start, stepSize: 0.1, steps: 1, with: AsymmetricSplitting(row))
    let undone = integrate(
      Quartic(), from: end, stepSize: -0.1, steps: 1, with: AsymmetricSplitting(row.adjoint(named: "adjoint")))
    #expect(abs(undone.position - start.position) < 1e-15 && abs(undone.momentum - start.momentum) < 1e-15)
    let missed = integrate(Quartic(), from: end, stepSize: -0.1, steps: 1, with: AsymmetricSplitting(row))
    #expect(abs(missed.position - start.position) > 1e-10)
  }

  @Test func symplecticEulerIsItsClosedForm() {
    let end = integrate(Quartic(), from: start, stepSize: 0.1, steps: 1, with: AsymmetricSplitting(.symplecticEuler))
    let momentum = -0.4 - 0.1 * (0.7 + 0.343)
    #expect(abs(end.momentum - momentum) < 1e-16 && abs(end.position - (0.7 + 0.1 * momentum)) < 1e-16)
  }

  /// The harmonic flow is a rotation at any step size.
  @Test func rotationIsExact() {
    var state = Phase(position: SIMD2(0.3, -1), momentum: SIMD2(0.5, 2))
    for _ in 0..<8 { state.rotate(angularFrequency: 2.5, mass: 0.8, for: 2 * Double.pi / (8 * 2.5)) }
    #expect(abs(state.position.x - 0.3) < 1e-14 && abs(state.momentum.y - 2) < 1e-14)
    var quarter = Phase(position: 1.0, momentum: 0.0)
    quarter.rotate(angularFrequency: 2, mass: 3, for: Double.pi / 4)
    #expect(abs(quarter.position) < 1e-15 && abs(quarter.momentum + 6) < 1e-14)
  }

  /// Leapfrog composed step by step is the palindrome made of the same weights.
  @Test(arguments: [(SymmetricComposition.yoshida6, Palindrome.yoshida6), (.kahanLi8, .kahanLi8), (.suzuki6, .suzuki6)])
  func composedLeapfrogIsThePalindrome(_ composition: SymmetricComposition, _ palindrome: Palindrome) {
    let method = ComposedStepper(SplittingMethod<Quartic>(.leapfrog), composition)
    let composed = integrate(Quartic(), from: start, stepSize: 0.2, steps: 50, with: method)
    let merged = integrate(Quartic(), from: start, stepSize: 0.2, steps: 50, with: SplittingMethod(palindrome))
    #expect(abs(composed.position - merged.position) < 1e-13 && abs(composed.momentum - merged.momentum) < 1e-13)
  }

  @Test func programmerErrorsTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = SymmetricComposition("crooked", order: 4, weights: [0.2, 0.3, 0.5], reference: "none")
    }
    await #expect(processExitsWith: .failure) {
      _ = KickDriftSequence("uneven", order: 1, opening: .kick, kicks: [0.5, 0.5], drifts: [1], reference: "none")
    }
    await #expect(processExitsWith: .failure) {
      _ = ForceGradientPalindrome(
        "short", order: 4, kicks: [0.5, 0.5], drifts: [1], gradients: [0.1], reference: "none")
    }
    await #expect(processExitsWith: .failure) { _ = LangevinScheme("BAB", reference: "none") }
    await #expect(processExitsWith: .failure) { _ = LangevinScheme("BAXAB", reference: "none") }
  }
}

@Suite(.enabled(if: allocation_counter_is_available())) struct SymplecticAllocationTests {
  private func allocations<Method: Stepper>(_ method: Method, _ system: Method.System, _ state: Method.State) -> Int
  where Method.State.Scalar == Double {
    var state = state
    allocation_counter_start()
    method.steps(200, &state, of: system, at: 0, by: 0.005)
    return allocation_counter_stop()
  }

  @Test func stepsOfFixedSizeAllocateNothing() {
    let start = Phase(position: 0.7, momentum: -0.4)
    #expect(allocations(AsymmetricSplitting<Quartic>(.ruth3), Quartic(), start) == 0)
    #expect(allocations(SplittingMethod<Quartic>(.blanesMoanNystrom6), Quartic(), start) == 0)
    #expect(allocations(ForceGradientSplitting<Quartic>(.chin4B), Quartic(), start) == 0)
    #expect(allocations(ComposedStepper(StrangSplitting<Quartic>(), .kahanLi6), Quartic(), start) == 0)
    #expect(allocations(RungeKuttaNystrom<Quartic>(.nystrom5), Quartic(), start) == 0)
    let circle = Phase(position: SIMD2(1.0, 0), momentum: SIMD2(0.0, 0.3))
    #expect(allocations(Rattle<Bead>(), Bead(), circle) == 0)
    let bath = Langevin<Quartic>(.baoab, temperature: 1, friction: 1, key: NoiseKey(seed: 1))
    #expect(allocations(bath, Quartic(), start) == 0)
    let path = VirtualBrownianTree(like: 0.0, key: NoiseKey(seed: 1), from: 0, to: 2, resolution: 1e-4)
    #expect(allocations(EulerMaruyama<Growth, VirtualBrownianTree<Double>>(along: path), Growth(), 1) == 0)
    #expect(allocations(DiagonalRungeKutta<Growth, VirtualBrownianTree<Double>>(along: path), Growth(), 1) == 0)
  }
}
