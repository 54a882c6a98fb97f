import Autodiff
import DifferentiableIntegrators
import Integrators
import Testing

@Suite struct ReversibleGradientTests {
  typealias System = PotentialGradients<NeuralPotential>
  typealias Solve = DifferentiableMethod<System, Phase<Tensor>>
  typealias Gradient = @Sendable (Inputs<System, Phase<Tensor>>) -> Inputs<System, Phase<Tensor>>

  static let start = Phase(
    position: Tensor([0.3, -0.8, 1.2, 0.1, -0.4, 0.6], shape: [3, 2]),
    momentum: Tensor([0.5, 0.9, -0.3, 0.2, 1.1, -0.7], shape: [3, 2]))

  static func gradient(_ method: Solve, steps: Int) -> Gradient {
    { inputs in
      grad(inputs) {
        let end = integrate($0.system, from: $0.initial, over: $0.times(steps), with: method)
        return (sin(end.position) + end.momentum * end.momentum).sum()
      }
    }
  }

  @Test func agreesWithThroughStepsOverAThousandStepsOfANeuralPotential() {
    let inputs = Inputs(neuralSystem(width: 16, seed: 7), Self.start, to: 50)
    let through = Self.gradient(.throughSteps(SplittingMethod(.leapfrog)), steps: 1_000)(inputs)
    let reversible = Self.gradient(.reversible(SplittingMethod(.leapfrog)), steps: 1_000)(inputs)
    let compiled = compile(Self.gradient(.reversible(SplittingMethod(.leapfrog)), steps: 1_000))
    #expect(relativeDifference(reversible, through) < 1e-10)
    #expect(relativeDifference(compiled(inputs), through) < 1e-10)
    #expect(through.system.tensors().allSatisfy { tensor in tensor.doubles.contains { abs($0) > 1e-2 } })
    #expect(abs(through.end.item()) > 1e-2)
  }

  @Test func memoryIsFlatInTheNumberOfSteps() {
    let inputs = Inputs(neuralSystem(width: 16, seed: 7), Self.start, to: 1)
    let counts = [10, 100, 1_000, 10_000]
    let bytes = counts.map { program(of: Self.gradient(.reversible(SplittingMethod(.leapfrog)), steps: $0), for: inputs).memoryByteCount }
    #expect(Set(bytes).count == 1 && bytes[0] > 0, "\(bytes)")
    let stored = counts.map {
      program(of: Self.gradient(.checkpointed(SplittingMethod(.leapfrog), every: 1), steps: $0), for: inputs).memoryByteCount
    }
    #expect(stored[3] > bytes[3] + 10_000 * 12 * 8, "\(stored)")
  }

  @Test func tenThousandStepsGiveTheGradientOfTheStoredOnes() {
    let inputs = Inputs(neuralSystem(width: 8, seed: 5), Self.start, to: 20)
    let reversible = compile(Self.gradient(.reversible(SplittingMethod(.leapfrog)), steps: 10_000))
    let stored = compile(Self.gradient(.checkpointed(SplittingMethod(.leapfrog)), steps: 10_000))
    #expect(relativeDifference(reversible(inputs), stored(inputs)) < 1e-9)
  }

  @Test(arguments: [1, 2, 3, 12, 40])
  func checkpointedAgreesWithThroughSteps(_ segment: Int) {
    let inputs = Inputs(neuralSystem(width: 8, seed: 3), Self.start, to: 2)
    let through = Self.gradient(.throughSteps(SplittingMethod(.yoshida4)), steps: 12)(inputs)
    #expect(
      relativeDifference(Self.gradient(.checkpointed(SplittingMethod(.yoshida4), every: segment), steps: 12)(inputs), through) < 1e-12)
    #expect(relativeDifference(Self.gradient(.checkpointed(SplittingMethod(.yoshida4)), steps: 12)(inputs), through) < 1e-12)
  }

  @Test(arguments: [1, 2, 3, 12, 40])
  func binomialSnapshotsAgreeWithThroughSteps(_ snapshots: Int) {
    let inputs = Inputs(neuralSystem(width: 8, seed: 3), Self.start, to: 2)
    let through = Self.gradient(.throughSteps(SplittingMethod(.yoshida4)), steps: 12)(inputs)
    let binomial = Self.gradient(.checkpointed(SplittingMethod(.yoshida4), snapshots: snapshots), steps: 12)
    let compiled = compile(binomial)
    #expect(relativeDifference(binomial(inputs), through) < 1e-12)
    #expect(relativeDifference(compiled(inputs), through) < 1e-12)
  }

  /// Other reversible steppers, and one whose system depends on time.
  @Test func everyReversibleStepperWillDo() {
    let inputs = Inputs(neuralSystem(width: 8, seed: 3), Self.start, to: 2)
    let pairs: [(Solve, Solve)] = [
      (.reversible(SplittingMethod(.positionLeapfrog)), .throughSteps(SplittingMethod(.positionLeapfrog))),
      (.reversible(ForceGradientSplitting(.chin4A)), .throughSteps(ForceGradientSplitting(.chin4A))),
      (
        .reversible(ComposedStepper(SplittingMethod(.leapfrog), .mclachlan6)),
        .throughSteps(ComposedStepper(SplittingMethod(.leapfrog), .mclachlan6))
      ),
    ]
    for (reversible, through) in pairs {
      #expect(relativeDifference(Self.gradient(reversible, steps: 12)(inputs), Self.gradient(through, steps: 12)(inputs)) < 1e-11)
    }
    let driven = Inputs(DrivenNetwork(), ShadowedState(Self.start.position), from: 0.4, to: 1.9)
    func gradient(_ method: DifferentiableMethod<DrivenNetwork, ShadowedState<Tensor>>) -> Inputs<DrivenNetwork, ShadowedState<Tensor>> {
      grad(driven) { square(integrate($0.system, from: $0.initial, over: $0.times(20), with: method).state).sum() }
    }
    let through = gradient(.throughSteps(ReversibleHeun()))
    #expect(relativeDifference(gradient(.reversible(ReversibleHeun())), through) < 1e-12)
    #expect(abs(through.start.item()) > 1e-2 && abs(through.end.item()) > 1e-2)
  }

  @Test func reversibleHeunIsOfSecondOrderAndReturns() {
    let field = VectorField { (y: Double, t: Double) in y * (t - y) }
    let exact = integrate(field, from: 0.7, stepSize: 1e-3, steps: 1_000, with: ExplicitRungeKutta(.rungeKutta4))
    let errors = [20, 40].map { steps in
      abs(integrate(field, from: ShadowedState(0.7), stepSize: 1 / Double(steps), steps: steps, with: ReversibleHeun()).state - exact)
    }
    #expect(abs(errors[0] / errors[1] - 4) < 0.4)
    let end = integrate(field, from: ShadowedState(0.7), stepSize: 0.05, steps: 20, with: ReversibleHeun())
    let back = integrate(field, from: end, at: 1, stepSize: -0.05, steps: 20, with: ReversibleHeun())
    #expect(abs(back.state - 0.7) < 1e-14 && abs(back.shadow - 0.7) < 1e-14)
  }

  /// Derivatives of derivatives, and forward mode, through the rule.
  @Test func secondDerivativesPassThroughTheRule() {
    let inputs = Inputs(neuralSystem(width: 4, seed: 2), Self.start, to: 1)
    let direction = inputs.mapTensors { Tensor.normal($0.shape, key: Key(seed: 4), dtype: .float64) }
    func curvature(_ method: Solve) -> Inputs<System, Phase<Tensor>> {
      jvp(inputs, along: direction, Self.gradient(method, steps: 6)).tangent
    }
    #expect(
      relativeDifference(curvature(.reversible(SplittingMethod(.leapfrog))), curvature(.throughSteps(SplittingMethod(.leapfrog)))) < 1e-10)
  }

  @Test func singlePrecisionStatesTakeFloat64Times() {
    let network = NeuralPotential(width: 4, seed: 2, dtype: .float32)
    let system = PotentialGradients(network, inverseMass: Tensor(1)) { network, q in network(q) }
    let inputs = Inputs(system, Self.start.cast(to: .float32), to: 1)
    let gradient = Self.gradient(.reversible(SplittingMethod(.leapfrog)), steps: 20)(inputs)
    #expect(gradient.initial.position.dtype == .float32 && gradient.end.dtype == .float64)
    #expect(relativeDifference(gradient, Self.gradient(.throughSteps(SplittingMethod(.leapfrog)), steps: 20)(inputs)) < 1e-4)
  }
}
