import Autodiff
import DifferentiableIntegrators
import Integrators
import Testing

@Suite struct ContinuousAdjointTests {
  typealias Method = DifferentiableMethod<DrivenNetwork, Tensor>
  typealias Problem = Inputs<DrivenNetwork, Tensor>

  static let inputs = Problem(DrivenNetwork(), Tensor([0.3, -0.8, 1.2, 0.1], shape: [2, 2]), from: 0.4, to: 2.1)
  static let weights = Tensor([1.0, -0.5, 2.0, 0.3], shape: [2, 2])

  static func gradient(_ method: Method, steps: Int) -> @Sendable (Problem) -> Problem {
    { inputs in
      grad(inputs) { (weights * square(integrate($0.system, from: $0.initial, over: $0.times(steps), with: method))).sum() }
    }
  }

  static func value(_ inputs: Problem) -> Double {
    (weights
      * square(
        integrate(inputs.system, from: inputs.initial, over: inputs.times(400), with: .checkpointed(ExplicitRungeKutta(.rungeKutta4)))))
      .sum().item()
  }

  @Test func convergesToTheGradientThroughTheSteps() {
    let differences = [10, 20, 40].map { steps in
      relativeDifference(
        Self.gradient(.continuousAdjoint(ExplicitRungeKutta(.rungeKutta4)), steps: steps)(Self.inputs),
        Self.gradient(.throughSteps(ExplicitRungeKutta(.rungeKutta4)), steps: steps)(Self.inputs))
    }
    #expect(differences[0] < 1e-3 && differences[2] < 1e-6, "\(differences)")
    // Fourth order: a sixteenth for every halving of the step.
    #expect(differences[0] / differences[1] > 10 && differences[1] / differences[2] > 10, "\(differences)")
  }

  @Test func agreesWithDifferencesInEveryInput() {
    let program = compile(Self.gradient(.continuousAdjoint(ExplicitRungeKutta(.rungeKutta4)), steps: 400))
    let gradient = program(Self.inputs).tensors().map(\.doubles)
    let spacing = 1e-5
    for (place, tensor) in Self.inputs.tensors().enumerated() {
      for element in 0..<tensor.count {
        func shifted(_ offset: Double) -> Double {
          var tensors = Self.inputs.tensors()
          var values = tensor.doubles
          values[element] += offset
          tensors[place] = Tensor(values, shape: tensor.shape)
          return Self.value(Self.inputs.replacing(tensors))
        }
        let expected = (shifted(spacing) - shifted(-spacing)) / (2 * spacing)
        #expect(abs(gradient[place][element] - expected) < 1e-8 * max(1, abs(expected)), "tensor \(place), element \(element)")
      }
    }
  }

  /// dy(T)/dT = f(y(T), T): exactly in the continuous adjoint, to the order of the method elsewhere.
  @Test func gradientOfTheEndTimeIsTheField() {
    let methods: [(Method, Double)] = [
      (.continuousAdjoint(ExplicitRungeKutta(.rungeKutta4)), 1e-14), (.throughSteps(ExplicitRungeKutta(.rungeKutta4)), 1e-8),
      (.checkpointed(ExplicitRungeKutta(.rungeKutta4)), 1e-8),
    ]
    let inputs = Self.inputs
    for (method, tolerance) in methods {
      let end = { (time: Tensor) in
        integrate(inputs.system, from: inputs.initial, over: TimeGrid(from: inputs.start, to: time, steps: 60), with: method)
      }
      let slope = grad(inputs.end) { (Self.weights * end($0)).sum() }.item()
      let field = (Self.weights * inputs.system.derivative(end(inputs.end), at: inputs.end)).sum().item()
      #expect(abs(slope - field) < tolerance)
      #expect(abs(field) > 0.1)
    }
  }

  @Test func memoryIsFlatInTheNumberOfSteps() {
    let bytes = [10, 100, 1_000, 10_000].map {
      program(of: Self.gradient(.continuousAdjoint(ExplicitRungeKutta(.rungeKutta4)), steps: $0), for: Self.inputs).memoryByteCount
    }
    #expect(Set(bytes).count == 1, "\(bytes)")
  }

  /// A Hamiltonian written as a first-order equation.
  @Test func hamiltoniansAreEquationsToo() {
    let inputs = Inputs(FirstOrderForm(neuralSystem(width: 8, seed: 3)), ReversibleGradientTests.start, to: 1)
    typealias Method = DifferentiableMethod<FirstOrderForm<PotentialGradients<NeuralPotential>>, Phase<Tensor>>
    func gradient(_ method: Method) -> Inputs<FirstOrderForm<PotentialGradients<NeuralPotential>>, Phase<Tensor>> {
      grad(inputs) { square(integrate($0.system, from: $0.initial, over: $0.times(60), with: method).position).sum() }
    }
    let adjoint = gradient(.continuousAdjoint(ExplicitRungeKutta(.rungeKutta4)))
    #expect(relativeDifference(adjoint.system, gradient(.throughSteps(ExplicitRungeKutta(.rungeKutta4))).system) < 1e-6)
  }
}
