import Autodiff
import DifferentiableIntegrators
import Integrators
import NHF
import NeuralNetworks
import Probability
import Testing

private let shapes: [(steps: Int, time: Double)] = [(10, 1), (50, 10), (25, 25)]

/// A flow in two dimensions with weights large enough that the map is far from the identity.
private func flow(_ form: KineticConfiguration.Form, steps: Int = 10, time: Double = 1, dtype: DType = .float64) throws
  -> NeuralHamiltonianFlow
{
  var configuration = HamiltonianFlowConfiguration()
  configuration.kinetic.form = form
  configuration.leapfrogSteps = steps
  configuration.integrationTime = time
  var flow = try NeuralHamiltonianFlow(configuration, key: Key(seed: 21), dtype: dtype)
  switch form {
  case .scalar: flow.kinetic = .scalar(scale: Tensor(1.7.squareRoot(), dtype: dtype))
  case .diagonal: flow.kinetic = .diagonal(scale: Tensor([0.6, 1.4], dtype: dtype))
  case .full: flow.kinetic = .full(factor: Tensor([1.2, 99, -0.7, 0.8], shape: [2, 2], dtype: dtype))
  case .learned:
    if case .learned(let network) = flow.kinetic { flow.kinetic = .learned(network.mapParameters { $0 * 3.0 }) }
  }
  return flow
}

private let start = double([0.4, -0.9, 1.1, 0.2], [1, 4])

struct PhaseSpaceLaws {
  @Test(arguments: KineticConfiguration.Form.allCases, shapes.indices)
  func volumeAndSymplecticFormAreKept(_ form: KineticConfiguration.Form, _ shape: Int) throws {
    let map = PhaseSpaceMap(try flow(form, steps: shapes[shape].steps, time: shapes[shape].time))
    for (end, partner) in [(true, "forward"), (false, "inverse")] {
      let j = jacobian(start) { end ? map.forward($0).y : map.inverse($0).x }
      #expect((determinant(j) - 1).magnitude < 1e-10, "\(partner)")
      #expect(symplecticDefect(j) < 1e-10, "\(partner)")
    }
    #expect(map.forward(start).logDeterminant.doubles == [0])
  }

  @Test(arguments: KineticConfiguration.Form.allCases)
  func inverseUndoesForward(_ form: KineticConfiguration.Form) throws {
    for (dtype, tolerance) in [(DType.float64, 1e-12), (.float32, 1e-4)] {
      let flow = try flow(form, steps: 20, time: 3, dtype: dtype)
      let begin = flow.prior.sample(16, key: Key(seed: 2), dtype: dtype)
      let end = flow.transport(begin, .towardData)
      let back = flow.transport(end, .towardPrior)
      #expect(zip(end.position.doubles, begin.position.doubles).contains { ($0 - $1).magnitude > 0.5 })
      for (a, b) in zip(back.position.doubles + back.momentum.doubles, begin.position.doubles + begin.momentum.doubles) {
        #expect((a - b).magnitude < tolerance)
      }
    }
  }

  @Test(arguments: KineticConfiguration.Form.allCases)
  func velocityIsTheGradientOfTheKineticEnergy(_ form: KineticConfiguration.Form) throws {
    let kinetic = try flow(form).kinetic
    let p = double([0.4, -0.9, 1.1, 0.2], [2, 2])
    let gradient = grad(p) { kinetic($0).sum() }
    for (a, b) in zip(kinetic.velocity(p).doubles, gradient.doubles) { #expect((a - b).magnitude < 1e-13) }
  }

  @Test(arguments: KineticConfiguration.Form.allCases)
  func energyDriftShrinksWithTheSquareOfTheStep(_ form: KineticConfiguration.Form) throws {
    let drifts = try [20, 40].map { steps in
      let flow = try flow(form, steps: steps, time: 2)
      let begin = flow.prior.sample(8, key: Key(seed: 2), dtype: .float64)
      let end = flow.transport(begin, .towardData)
      return abs(flow.hamiltonian.energy(end) - flow.hamiltonian.energy(begin)).max().item()
    }
    #expect((3.5...4.5).contains(drifts[0] / drifts[1]), "\(drifts)")
  }

  /// The Verlet map of an oscillator of frequency `a sqrt k` is bounded where `dt a sqrt k < 2` and explodes beyond.
  @Test(arguments: [(1.95, true), (2.05, false)])
  func stabilityLimitOfTheOscillator(_ reduced: Double, _ bounded: Bool) {
    let flow = HamiltonianFlow(
      potential: HarmonicWell(stiffness: double([2.3]), center: double([0])),
      kinetic: .scalar(scale: Tensor(0.8.squareRoot(), dtype: .float64)),
      encoder: linearEncoder(slope: 0, deviation: 1), prior: PhaseSpacePrior(dimension: 1), leapfrogSteps: 300,
      integrationTime: 300 * reduced / (2.3 * 0.8).squareRoot())
    let end = flow.transport(Phase(position: double([1], [1, 1]), momentum: double([0.3], [1, 1])), .towardData)
    #expect((end.position.item().magnitude < 100) == bounded)
  }

  /// Positive time goes from prior to data: a particle at rest moves down the slope of an asymmetric potential.
  @Test func timeRunsFromPriorToData() {
    let flow = HamiltonianFlow(
      potential: DoubleWellPotential(barrier: 1, tilt: 0.5), kinetic: .scalar(scale: Tensor(1, dtype: .float64)),
      encoder: linearEncoder(slope: 0, deviation: 1), prior: PhaseSpacePrior(dimension: 1), leapfrogSteps: 10, integrationTime: 0.3)
    let rest = Phase(position: double([0], [1, 1]), momentum: double([0.05], [1, 1]))
    // V'(0) = 0.5: the first-order motion is q = 0.05 t - 0.25 t², p = 0.05 - 0.5 t, with either sign of t.
    let (end, before) = (flow.transport(rest, .towardData), flow.transport(rest, .towardPrior))
    #expect(end.momentum.item() < 0 && before.momentum.item() > 0.15)
    #expect(before.position.item() < end.position.item())
  }
}

/// `V = barrier (q² - 1)² + tilt q`
struct DoubleWellPotential: Energy, Module {
  let barrier: Double
  let tilt: Double

  var eventShape: [Int] { [1] }

  mutating func walk(_ walker: inout some Walker) {}

  func callAsFunction(_ q: Tensor) -> Tensor { (barrier * square(square(q) - 1.0) + tilt * q).sum(axis: -1) }
}
