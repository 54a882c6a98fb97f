import IntegratorMeasurements
import Integrators
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// (x, y) → (1 − a x² + y, b x), a = 1.4, b = 0.3. Hénon, Commun. Math. Phys. 50, 69 (1976).
private struct HenonMap: Stepper {
  typealias System = Void
  typealias State = SIMD2<Double>
  func step(_ state: inout State, of system: Void, at time: Double, by stepSize: Double) {
    state = SIMD2(1 - 1.4 * state.x * state.x + state.y, 0.3 * state.x)
  }
}

/// p += K sin q, q += p: symplectic Euler of step 1 is the standard map. Chirikov, Phys. Rep. 52, 263 (1979).
private struct KickedRotor: SeparableHamiltonian {
  let strength: Double
  func velocity(_ momentum: Double) -> Double { momentum }
  func force(_ position: Double) -> Double { strength * sin(position) }
}

/// The standard map on the torus, where numbers stay small.
private struct StandardMap: Stepper {
  typealias System = KickedRotor
  typealias State = Phase<Double>
  func step(_ state: inout State, of system: KickedRotor, at time: Double, by stepSize: Double) {
    AsymmetricSplitting(.symplecticEuler).step(&state, of: system, at: time, by: stepSize)
    state.position = state.position.truncatingRemainder(dividingBy: 2 * Double.pi)
    state.momentum = state.momentum.truncatingRemainder(dividingBy: 2 * Double.pi)
  }
}

@Suite struct LyapunovTests {
  /// λ = 0.41922 (Sprott, Chaos and Time-Series Analysis (2003), A.2.1).
  @Test func henonMap() {
    let exponent = LyapunovExponent(
      of: HenonMap(), on: (), from: SIMD2(0.1, 0.1), stepSize: 1, stepsPerRound: 1, rounds: 200_000, transient: 100)
    #expect(abs(exponent.value - 0.41922) < 0.004, "\(exponent)")
    #expect(exponent.standardError < 0.003)
  }

  /// λ ≈ ln(K/2) for large K (Chirikov, Phys. Rep. 52, 263 (1979), section 5.3).
  @Test func standardMap() {
    let exponent = LyapunovExponent(
      of: StandardMap(), on: KickedRotor(strength: 20),
      from: Phase(position: 0.3, momentum: 0.2), stepSize: 1, stepsPerRound: 1, rounds: 100_000, transient: 100)
    #expect(abs(exponent.value - log(10)) < 0.02, "\(exponent)")
  }

  /// At E = 1/6 most of Hénon-Heiles is chaotic, with λ near 0.13; at E = 1/12 it is regular, and λ falls as ln t / t.
  @Test func henonHeiles() {
    func exponent(energy: Double, y: Double) -> LyapunovExponent {
      let potential = HenonHeiles().potentialEnergy(SIMD2(0, y))
      let start = Phase(position: SIMD2(0, y), momentum: SIMD2((2 * (energy - potential)).squareRoot(), 0))
      return LyapunovExponent(
        of: SplittingMethod<HenonHeiles>(.blanesMoan4), on: HenonHeiles(), from: start, stepSize: 0.2, stepsPerRound: 5, rounds: 20_000,
        transient: 100)
    }
    let chaotic = exponent(energy: 1 / 6.0 - 1e-9, y: -0.1)
    let regular = exponent(energy: 1 / 12.0, y: 0.1)
    #expect(abs(chaotic.value - 0.13) < 0.02, "\(chaotic)")
    #expect(regular.value < 0.002, "\(regular)")
  }

  /// Along one orbit the tangent map grows as the distance of neighbours does, and needs no separation to be chosen.
  @Test func tangentMapAgreesWithNeighbours() {
    let start = Phase(position: SIMD2(0, -0.1), momentum: SIMD2(0.568, 0))
    let tangent = LyapunovExponent(
      tangentOf: SplittingMethod<TangentFlow<HenonHeiles>>(.blanesMoan4), on: HenonHeiles(), from: start,
      along: Phase(position: SIMD2(1, 0), momentum: .zero), stepSize: 0.2, stepsPerRound: 5, rounds: 40)
    let neighbours = LyapunovExponent(
      of: SplittingMethod<HenonHeiles>(.blanesMoan4), on: HenonHeiles(), from: start, stepSize: 0.2, stepsPerRound: 5, rounds: 40)
    #expect(abs(tangent.value - neighbours.value) < 1e-5, "\(tangent), \(neighbours)")
    let long = LyapunovExponent(
      tangentOf: SplittingMethod<TangentFlow<HenonHeiles>>(.blanesMoan4), on: HenonHeiles(), from: start,
      along: Phase(position: SIMD2(1, 0), momentum: .zero), stepSize: 0.2, stepsPerRound: 5, rounds: 20_000, transient: 100)
    #expect(abs(long.value - 0.13) < 0.03, "\(long)")
  }

  /// The displacement after a step is the derivative of the step: the difference of neighbours, to the order of differences.
  @Test func tangentMapIsTheDerivativeOfTheStep() {
    let (start, direction) = (Phase(position: 1.1, momentum: 0.4), Phase(position: 0.6, momentum: -0.8))
    let moved = integrate(
      TangentFlow(Pendulum()),
      from: Phase(
        position: Displaced(start.position, direction.position), momentum: Displaced(start.momentum, direction.momentum)),
      stepSize: 0.3, steps: 5, with: SplittingMethod(.yoshida4))
    func end(_ scale: Double) -> Phase<Double> {
      integrate(Pendulum(), from: start.moved(scale, along: direction), stepSize: 0.3, steps: 5, with: SplittingMethod(.yoshida4))
    }
    let (ahead, behind) = (end(1e-5), end(-1e-5))
    #expect(abs(moved.position.displacement - (ahead.position - behind.position) / 2e-5) < 1e-8)
    #expect(abs(moved.momentum.displacement - (ahead.momentum - behind.momentum) / 2e-5) < 1e-8)
    #expect(moved.position.point == end(0).position)
  }
}

@Suite struct PoincareTests {
  /// H = (p₁² + p₂² + q₁² + 2 q₂²)/2: q₁ passes zero upwards once a period 2 π, and there q₂ is known.
  private struct TwoSprings: NaturalHamiltonian {
    func velocity(_ momentum: SIMD2<Double>) -> SIMD2<Double> { momentum }
    func force(_ position: SIMD2<Double>) -> SIMD2<Double> { -SIMD2(1, 2) * position }
  }

  @Test func passagesOfSpringsAreTheirClosedForm() {
    let start = Phase(position: SIMD2(-0.5, 0.3), momentum: SIMD2(0.8, 0))
    let section = PoincareSection(
      of: SplittingMethod<TwoSprings>(.kahanLi8), on: TwoSprings(), from: start, coordinate: 0, stepSize: 0.05, steps: 2_000)
    let first = atan2(0.5, 0.8)
    #expect(section.points.count == 16)
    for (index, (point, time)) in zip(section.points, section.times).enumerated() {
      #expect(abs(time - first - Double(index) * 2 * Double.pi) < 1e-8)
      #expect(abs(point.position.x) < 1e-9)
      #expect(abs(point.position.y - 0.3 * cos(2.0.squareRoot() * time)) < 1e-7)
    }
  }

  @Test func sectionOfHenonHeilesLiesOnThePlaneAndKeepsTheEnergy() {
    let energy = 1 / 12.0
    let start = Phase(
      position: SIMD2(0, 0.1),
      momentum: SIMD2((2 * (energy - HenonHeiles().potentialEnergy(SIMD2(0, 0.1)))).squareRoot(), 0))
    let section = PoincareSection(
      of: SplittingMethod<HenonHeiles>(.kahanLi8), on: HenonHeiles(), from: start, coordinate: 0, stepSize: 0.1, steps: 40_000)
    #expect(section.points.count > 500)
    for point in section.points {
      #expect(abs(point.position.x) < 1e-7)
      #expect(abs(HenonHeiles().energy(point) - energy) < 1e-7)
      #expect(point.momentum.x > 0)
    }
    // A regular orbit fills a curve, not an area: neighbours along it are close.
    let plane = section.points.map { SIMD2($0.position.y, $0.momentum.y) }
    let nearest = plane.prefix(100).map { point in
      plane.filter { $0 != point }.map { (($0 - point) * ($0 - point)).sum().squareRoot() }.min() ?? 1
    }
    #expect(nearest.allSatisfy { $0 < 0.02 })
    #expect(section.plot(1, 3).split(separator: "\n").count == 24)
  }
}

@Suite struct ReadabilityTests {
  @Test func measurementsPrintThemselves() {
    let energy = EnergyDrift(of: SplittingMethod<Pendulum>(.leapfrog), on: .pendulum, stepSize: 0.1, steps: 100)
    #expect("\(energy)".hasPrefix("energy within "))
    #expect("\(Convergence(of: SplittingMethod<Pendulum>(.leapfrog), on: .pendulum))".hasPrefix("order 2.00: "))
    #expect("\(StepJacobian(of: SplittingMethod<Pendulum>(.leapfrog), on: .pendulum, stepSize: 0.1))".contains("det J - 1"))
    #expect("\(SymplecticRows.palindromes[0])".hasPrefix("Method: leapfrog, Order: 2"))
  }
}
