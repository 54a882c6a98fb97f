import Autodiff
import DifferentiableIntegrators
import Integrators
import Testing

/// A ball thrown up from height q₀ with momentum p₀, mass 1, gravity g: it lands at t₁ = (p₀ + v)/g with v = √(p₀² + 2 g q₀), leaves
/// the ground at e v, and lands again at t₂ = t₁ + 2 e v/g. Leapfrog is exact for it.
@Suite struct EventGradientTests {
  typealias Ball = PotentialGradients<Tensor>
  typealias Method = DifferentiableMethod<Ball, Phase<Tensor>>

  struct Throw: Module {
    var height = Tensor([1.7])
    var momentum = Tensor([0.6])
    var gravity = Tensor(9.81, dtype: .float64)
    var restitution = Tensor(0.8, dtype: .float64)

    mutating func walk(_ walker: inout some Walker) {
      walker.parameter("height", &height)
      walker.parameter("momentum", &momentum)
      walker.parameter("gravity", &gravity)
      walker.parameter("restitution", &restitution)
    }
  }

  static let ground = TensorEvent<Phase<Tensor>>(.falling) { ball, _ in ball.position.sum() }

  /// The second landing.
  static func landing(_ ball: Throw, _ method: Method) -> EventArrival<Phase<Tensor>> {
    let system = Ball(ball.gravity, inverseMass: Tensor(1, dtype: .float64)) { gravity, q in (gravity * q).sum(axis: -1) }
    let start = Phase(position: ball.height, momentum: ball.momentum)
    let first = integrate(system, from: start, over: TimeGrid(to: 2, steps: 20), until: ground, with: method)
    let bounced = Phase(position: first.state.position, momentum: -ball.restitution * first.state.momentum)
    let further = TimeGrid(from: first.time, stepSize: Tensor(0.1, dtype: .float64), steps: 20)
    return integrate(system, from: bounced, over: further, until: ground, with: method)
  }

  static let methods: [Method] = [
    .throughSteps(SplittingMethod(.leapfrog)), .checkpointed(SplittingMethod(.leapfrog)), .reversible(SplittingMethod(.leapfrog)),
  ]

  @Test(arguments: methods.indices) func bouncingBallFollowsItsClosedForm(_ index: Int) {
    let method = Self.methods[index]
    let (g, q, p, e) = (9.81, 1.7, 0.6, 0.8)
    let v = (p * p + 2 * g * q).squareRoot()
    let gradientOfTime: @Sendable (Throw) -> (Throw) = { grad($0) { Self.landing($0, method).time } }
    let arrival = Self.landing(Throw(), method)
    #expect(abs(arrival.time.item() - ((p + v) / g + 2 * e * v / g)) < 1e-13)
    #expect(abs(arrival.state.position.item()) < 1e-13 && abs(arrival.state.momentum.item() + e * v) < 1e-12)
    #expect(arrival.isReached.scalars(Bool.self) == [true])

    // dv/dq₀ = g/v, dv/dp₀ = p₀/v, dv/dg = q₀/v.
    let expected = [
      (1 + 2 * e) / v, 1 / g + (1 + 2 * e) * p / (v * g), (1 + 2 * e) * (q / v) / g - (p + (1 + 2 * e) * v) / (g * g), 2 * v / g,
    ]
    let compiled = compile(gradientOfTime)
    for gradient in [gradientOfTime(Throw()), compiled(Throw())] {
      for (value, closed) in zip(gradient.tensors(), expected) { #expect(abs(value.item() - closed) < 1e-12) }
    }
    // The ball lands with −e v, wherever it was thrown from.
    let ofMomentum = grad(Throw()) { Self.landing($0, method).state.momentum.sum() }
    for (value, closed) in zip(ofMomentum.tensors(), [-e * g / v, -e * p / v, -e * q / v, -v]) {
      #expect(abs(value.item() - closed) < 1e-12)
    }
    let ofHeight = grad(Throw()) { Self.landing($0, method).state.position.sum() }
    #expect(ofHeight.tensors().allSatisfy { abs($0.item()) < 1e-12 })
  }

  /// Each ball lands at its own time; one of them does not land at all.
  @Test(arguments: methods.indices) func severalBallsAtOnceByVmap(_ index: Int) {
    let method = Self.methods[index]
    let times = { (momenta: Tensor) in
      vmap(momenta) { momentum in
        let system = Ball(Tensor(9.81, dtype: .float64), inverseMass: Tensor(1, dtype: .float64)) { gravity, q in
          (gravity * q).sum(axis: -1)
        }
        let start = Phase(position: Tensor([1.7]), momentum: momentum)
        return integrate(system, from: start, over: TimeGrid(to: 1, steps: 8), until: Self.ground, with: method).time
      }
    }
    let momenta = Tensor([0.6, -1.5, 9.0], shape: [3, 1])
    let arrivals = times(momenta).doubles
    let slopes = grad(momenta) { times($0).sum() }.doubles
    for (row, p) in [0.6, -1.5].enumerated() {
      let v = (p * p + 2 * 9.81 * 1.7).squareRoot()
      #expect(abs(arrivals[row] - (p + v) / 9.81) < 1e-13)
      #expect(abs(slopes[row] - (1 + p / v) / 9.81) < 1e-13)
    }
    #expect(arrivals[2] == 1 && slopes[2] == 0)
  }

  @Test func eventThatDoesNotHappenEndsAtTheEnd() {
    let system = Ball(Tensor(9.81, dtype: .float64), inverseMass: Tensor(1, dtype: .float64)) { gravity, q in (gravity * q).sum(axis: -1) }
    let start = Phase(position: Tensor([1.7]), momentum: Tensor([0.6]))
    let arrival = { (end: Tensor) in
      integrate(
        system, from: start, over: TimeGrid(from: Tensor(0, dtype: .float64), to: end, steps: 5), until: Self.ground,
        with: .checkpointed(SplittingMethod(.leapfrog)))
    }
    let end = Tensor(0.2, dtype: .float64)
    #expect(arrival(end).isReached.scalars(Bool.self) == [false])
    #expect(arrival(end).time.item() == 0.2)
    #expect(grad(end) { arrival($0).time }.item() == 1)
    #expect(abs(grad(end) { arrival($0).state.position.sum() }.item() - (0.6 - 9.81 * 0.2)) < 1e-12)
  }

  /// A field with no closed form, an event that moves, with the continuous adjoint too: against differences.
  @Test func eventTimeOfAFieldAgreesWithDifferences() {
    let threshold = TensorEvent<Tensor>(.rising) { y, t in y.sum() - 1.4 - 0.1 * t }
    func time(_ problem: Inputs<DrivenNetwork, Tensor>, _ method: DifferentiableMethod<DrivenNetwork, Tensor>) -> Tensor {
      integrate(problem.system, from: problem.initial, over: problem.times(50), until: threshold, with: method).time
    }
    let inputs = Inputs(DrivenNetwork(), Tensor([0.6, 0.2], shape: [1, 2]), to: 2)
    let through = grad(inputs) { time($0, .throughSteps(ExplicitRungeKutta(.rungeKutta4))) }
    let adjoint = grad(inputs) { time($0, .continuousAdjoint(ExplicitRungeKutta(.rungeKutta4))) }
    #expect(relativeDifference(adjoint.system, through.system) < 1e-6)
    #expect(relativeDifference(adjoint.initial, through.initial) < 1e-6)
    for element in 0..<2 {
      let ends = [1e-5, -1e-5].map { offset in
        var shifted = inputs
        var values = inputs.initial.doubles
        values[element] += offset
        shifted.initial = Tensor(values, shape: [1, 2])
        return time(shifted, .checkpointed(ExplicitRungeKutta(.rungeKutta4))).item()
      }
      #expect(abs(through.initial.doubles[element] - (ends[0] - ends[1]) / 2e-5) < 1e-7)
    }
  }
}
