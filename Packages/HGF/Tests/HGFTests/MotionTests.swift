import Autodiff
import DifferentiableIntegrators
import HGF
import Integrators
import NeuralNetworks
import Probability
import Testing

struct MotionTests {
  private let launch = Phase(position: normal([5, 3], 1), momentum: normal([5, 3], 2))

  /// x_T = v_0/α and v_T = -α x_0 at a quarter period; ½ v² + ½ α² x² stays the same.
  @Test(arguments: [1.0, Double.pi / 2, 3.0]) func oscillatorIdentity(_ alpha: Double) {
    let force = LinearForce.oscillation(frequency: alpha)
    let end = force.state(from: launch, at: Tensor.full([5], .pi / (2 * alpha), dtype: .float64))
    #expect(difference(end.position, launch.momentum / alpha) < 1e-15)
    #expect(difference(end.momentum, -alpha * launch.position) < 1e-15)
    let energy = { (point: Phase<Tensor>) in 0.5 * square(point.momentum) + (0.5 * alpha * alpha) * square(point.position) }
    for t in [0.1, 0.7, 1.3] {
      let point = force.state(from: launch, at: Tensor.full([5], t, dtype: .float64))
      let scale = energy(launch).doubles.max()!
      #expect(difference(energy(point), energy(launch)) < 1e-15 * max(scale, 1))
    }
  }

  /// Every force's closed form agrees with its own pieces: going from s to t is going to t directly.
  @Test func motionsCompose() {
    let box = ReflectionBox(-3...4, dimension: 3)
    let torus = PeriodicBox(-Double.pi...Double.pi, dimension: 3)
    let vp = LinearForce.variancePreserving(minimumRate: 0.1, maximumRate: 8)
    let quartic = SimulatedForce(steps: 400) { x, t in -4.0 * x * square(x) + t }
    let forces: [any ForceField] = [LinearForce.zero, LinearForce.oscillation(frequency: 1.7), vp, box, torus, quartic]
    let (s, t) = (double([0.1, 0.2, 0.3, 0.25, 0.4]), double([0.3, 0.9, 0.35, 1, 0.7]))
    for force in forces {
      let direct = force.state(from: launch, at: t)
      let inParts = force.carried(force.state(from: launch, at: s), from: s, to: t)
      #expect(difference(direct.position, inParts.position) < 1e-9, "\(force)")
      #expect(difference(direct.momentum, inParts.momentum) < 1e-9, "\(force)")
      let back = force.carried(direct, from: t, to: s)
      #expect(difference(back.position, force.state(from: launch, at: s).position) < 1e-9, "\(force)")
    }
  }

  /// A simulated oscillator is the closed form.
  @Test func simulationIsTheClosedForm() {
    let t = double([0.1, 0.5, 1, 1.4, 0.9])
    let simulated = SimulatedForce(steps: 200) { x, _ in -2.25 * x }.state(from: launch, at: t)
    let exact = LinearForce.oscillation(frequency: 1.5).state(from: launch, at: t)
    #expect(difference(simulated.position, exact.position) < 1e-9 && difference(simulated.momentum, exact.momentum) < 1e-9)
  }

  /// The zero force with ends drawn is flow matching, exactly: x_t = (1 - t) x_0 + t x_1, v_t = x_1 - x_0.
  @Test func zeroForceIsFlowMatching() throws {
    let process = try HamiltonianProcess.flowMatching(dimension: 3)
    let (x, end, t) = (normal([5, 3], 1), normal([5, 3], 2), double([0, 0.2, 0.5, 0.9, 1]))
    let point = process.force.state(from: process.launch(x, noise: end), at: t)
    let clock = t.expanded(axis: 1)
    #expect(difference(point.position, (1.0 - clock) * x + clock * end) < 1e-15)
    #expect(point.momentum.doubles == (end - x).doubles)
    let c = process.path!.coefficients(at: clock)
    #expect(c.start.doubles == (1.0 - clock).doubles && c.launch.doubles == clock.doubles)
  }

  /// y_s = e^{-B/2} x_{σ(s)} with σ = sqrt(e^B - 1) and F = 0 is variance-preserving diffusion, and v its rate of change.
  @Test func zeroForceUnderAClockIsVariancePreserving() {
    let force = LinearForce.variancePreserving(minimumRate: 0.1, maximumRate: 20)
    let s = double([0.05, 0.2, 0.5, 0.8, 1])
    let integrated = s.doubles.map { 0.1 * $0 + 0.5 * 19.9 * $0 * $0 }
    let sigma = double(integrated.map { (referenceExp($0) - 1).squareRoot() })
    let scale = double(integrated.map { referenceExp(-$0 / 2) }).expanded(axis: 1)
    let free = LinearForce.zero.state(from: launch, at: sigma)
    let point = force.state(from: launch, at: s)
    #expect(difference(point.position, scale * free.position) < 1e-13)
    let h = 1e-6
    let change = (force.state(from: launch, at: s + h).position - force.state(from: launch, at: s - h).position) / (2 * h)
    #expect(difference(point.momentum, change) < 1e-7)
    // The oscillator passes through the same laws: cos φ = e^{-B/2}.
    let c = force.coefficients(at: s)
    #expect(difference(square(c.start) + square(c.launch), Tensor.ones([5], dtype: .float64)) < 1e-15)
  }

  /// Reflected motion from 0.5 in [-1, 1]: the mean of cos(π(x + 1)/2) is that of the heat equation.
  @Test func reflectionSpreadsAsTheHeatEquation() {
    let box = ReflectionBox(-1...1, dimension: 1)
    let velocity = normal([200_000, 1], 5)
    for (t, expected) in zip([0.3, 0.6, 1, 1.5], [-0.6328, -0.4535, -0.2059, -0.0441]) {
      let launch = Phase(position: Tensor.full([200_000, 1], 0.5, dtype: .float64), momentum: velocity)
      let point = box.state(from: launch, at: Tensor.full([200_000], t, dtype: .float64))
      let found = cos(0.5 * Double.pi * (point.position + 1.0)).mean().item()
      #expect((found - expected).magnitude < 4e-3)
      let exact = referenceCos(.pi * 0.75) * referenceExp(-(Double.pi / 2) * (Double.pi / 2) * t * t / 2)
      #expect((exact - expected).magnitude < 5.1e-5 && (found - exact).magnitude < 4e-3)
      #expect(point.position.min().item() >= -1 && point.position.max().item() <= 1)
      #expect(difference(abs(point.momentum), abs(velocity)) == 0)
    }
  }

  /// Density and velocity at 0.2 by images, and the uniform law: V* = 0 and p = 1/2.
  @Test func imagesOfTheReflectedPoint() {
    let exact = ReflectedVelocity(-1...1)
    let at = { (t: Double) in exact(double([0.2]), from: double([0.5]), at: double([t])) }
    let expected = [(0.3, -1.0005, 0.8067), (0.6, -0.6627, 0.6504), (1, -0.5458, 0.5636), (1.5, -0.1922, 0.5136)]
    for (t, velocity, density) in expected {
      let found = at(t)
      #expect((found.velocity.item() - velocity).magnitude < 5.1e-5)
      #expect((found.density.item() - density).magnitude < 5.1e-5)
    }
    let nodes = (0..<2000).map { -1 + (Double($0) + 0.5) / 1000 }
    for t in [0.1, 0.5, 1.2] {
      let found = exact(double([-0.9, 0, 0.3], [3, 1]), from: double(nodes), at: double([t]))
      let density = found.density.mean(axis: 1)
      let flux = (found.velocity * found.density).mean(axis: 1)
      #expect(difference(density, Tensor.full([3], 0.5, dtype: .float64)) < 1e-6)
      #expect(flux.doubles.allSatisfy { $0.magnitude < 1e-5 })
    }
  }

  /// Ends assigned by optimal transport cost no more than any others, and are the same ends.
  @Test func optimalTransportPairsTheBatch() throws {
    let coupling = Coupling.optimalTransport(noiseScale: 1)
    let data = normal([40, 2], 3)
    let (paired, drawn) = (
      coupling.noise(for: data, key: Key(seed: 4)), Coupling.endpoint(noiseScale: 1).noise(for: data, key: Key(seed: 4))
    )
    #expect(paired.doubles.sorted() == drawn.doubles.sorted())
    let cost = { (noise: Tensor) in square(noise - data).sum().item() }
    #expect(cost(paired) < cost(drawn))
    for trial in 0..<20 { #expect(cost(paired) <= cost(paired.shuffled(key: Key(seed: 9).folded(trial)))) }
  }
}
