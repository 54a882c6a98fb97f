import Autodiff
import DifferentiableIntegrators
import Integrators
import Testing

@Suite struct GradientTests {
  static let inverseMass = 1.7

  private func end(
    _ potential: NeuralPotential, _ start: Phase<Tensor>, stepSize: Double = 0.1, steps: Int = 10,
    _ row: Palindrome = .leapfrog
  ) -> Phase<Tensor> {
    let system = EnergyGradients(inverseMass: Tensor(Self.inverseMass, dtype: .float64)) { potential($0) }
    return integrate(system, from: start, stepSize: stepSize, steps: steps, with: SplittingMethod(row))
  }

  /// A scalar that depends on all of the end, batch rows weighted differently.
  private func objective(_ end: Phase<Tensor>) -> Tensor {
    let weights = Tensor([1.0, -0.5, 2.0], shape: [3, 1])
    return (weights * (sin(end.position) + end.momentum * end.momentum)).sum()
  }

  private var start: Phase<Tensor> {
    Phase(
      position: Tensor([0.3, -0.8, 1.2, 0.1, -0.4, 0.6], shape: [3, 2]),
      momentum: Tensor([0.5, 0.9, -0.3, 0.2, 1.1, -0.7], shape: [3, 2]))
  }

  /// (f(x + δ e) − f(x − δ e)) / 2δ in fourth order, for one element of one tensor.
  private func difference(_ element: Int, of tensor: Tensor, _ f: (Tensor) -> Double) -> Double {
    func shifted(_ offset: Double) -> Double {
      var values = tensor.doubles
      values[element] += offset
      return f(Tensor(values, shape: tensor.shape))
    }
    let spacing = 1e-3
    let near = shifted(spacing) - shifted(-spacing)
    let far = shifted(2 * spacing) - shifted(-2 * spacing)
    return (8 * near - far) / (12 * spacing)
  }

  @Test(arguments: [Palindrome.leapfrog, .positionLeapfrog, .yoshida4])
  func gradientOfTheStartAgreesWithDifferences(_ row: Palindrome) {
    let potential = NeuralPotential(width: 8, seed: 7)
    let start = start
    let gradient = grad(start) { objective(end(potential, $0, row)) }
    for element in 0..<6 {
      let position = difference(element, of: start.position) {
        objective(end(potential, Phase(position: $0, momentum: start.momentum), row)).item()
      }
      let momentum = difference(element, of: start.momentum) {
        objective(end(potential, Phase(position: start.position, momentum: $0), row)).item()
      }
      #expect(abs(gradient.position.doubles[element] - position) < 1e-9 * max(1, abs(position)))
      #expect(abs(gradient.momentum.doubles[element] - momentum) < 1e-9 * max(1, abs(momentum)))
    }
  }

  /// The force is itself a gradient, so this differentiates twice.
  @Test func gradientOfTheParametersAgreesWithDifferences() {
    let potential = NeuralPotential(width: 8, seed: 7)
    let start = start
    let gradient = grad(potential) { objective(end($0, start)) }
    func check(_ path: WritableKeyPath<NeuralPotential, Tensor>, _ elements: [Int]) {
      for element in elements {
        let expected = difference(element, of: potential[keyPath: path]) { tensor in
          var changed = potential
          changed[keyPath: path] = tensor
          return objective(end(changed, start)).item()
        }
        #expect(abs(gradient[keyPath: path].doubles[element] - expected) < 1e-9 * max(1, abs(expected)))
      }
    }
    check(\.first, [0, 3, 15])
    check(\.firstBias, [0, 7])
    check(\.second, [0, 17, 63])
    check(\.secondBias, [2])
    check(\.readout, [0, 5])
  }

  @Test func gradientOfTheMassAgreesWithDifferences() {
    let potential = NeuralPotential(width: 8, seed: 7)
    let start = start
    func value(_ inverseMass: Tensor) -> Tensor {
      let system = EnergyGradients(inverseMass: inverseMass) { potential($0) }
      return objective(integrate(system, from: start, stepSize: 0.1, steps: 10, with: SplittingMethod(.leapfrog)))
    }
    let mass = Tensor([1.7, 0.6])
    let gradient = grad(mass, value).doubles
    for element in 0..<2 {
      let expected = difference(element, of: mass) { value($0).item() }
      #expect(abs(gradient[element] - expected) < 1e-9 * max(1, abs(expected)))
    }
  }

  /// The example of the README: two springs of stiffness k, whose leapfrog position is a polynomial in k.
  @Test func springFollowsItsStiffness() {
    func end(_ stiffness: Tensor) -> Tensor {
      let spring = EnergyGradients(inverseMass: Tensor(1, dtype: .float64)) { q in 0.5 * (stiffness * q * q).sum(axis: -1) }
      let start = Phase(position: Tensor([1.0, 0.5]), momentum: Tensor([0.0, 0.0]))
      return integrate(spring, from: start, stepSize: 0.1, steps: 10, with: SplittingMethod(.leapfrog)).position.sum()
    }
    // Leapfrog from rest is 1.5 cos(n θ) with cos θ = 1 − h² k/2, a Chebyshev polynomial of degree n.
    let cosine = 1 - 0.005 * 2.3
    var (previous, current) = (1.0, cosine)
    var (previousSlope, currentSlope) = (0.0, 1.0)
    for _ in 2...10 {
      (previousSlope, currentSlope) = (currentSlope, 2 * current + 2 * cosine * currentSlope - previousSlope)
      (previous, current) = (current, 2 * cosine * current - previous)
    }
    let (value, slope) = valueAndGrad(Tensor(2.3, dtype: .float64), end)
    #expect(abs(value.item() - 1.5 * current) < 1e-14)
    #expect(abs(slope.item() - 1.5 * currentSlope * -0.005) < 1e-14)
  }

  /// Volume is preserved for any network, also where the trajectory itself is far from accurate.
  @Test(arguments: [(10, 0.1), (50, 0.2), (25, 1.0)])
  func determinantOfTheJacobianIsOne(_ steps: Int, _ stepSize: Double) {
    let potential = NeuralPotential(width: 128, seed: 11)
    let start = Tensor([0.3, -0.8, 0.5, 0.9], shape: [1, 4])
    let rows = (0..<4).map { row in
      grad(start) { state in
        let phase = Phase(position: state.slice(axis: 1, 0..<2), momentum: state.slice(axis: 1, 2..<4))
        let end = end(potential, phase, stepSize: stepSize, steps: steps)
        return Tensor.concatenated([end.position, end.momentum], axis: 1).slice(axis: 1, row..<(row + 1)).sum()
      }.doubles
    }
    #expect(abs(determinant(rows) - 1) < 1e-9)
    #expect(canonicalError(rows) < 1e-9 * rows.joined().map { abs($0) }.max()!)
    #expect(abs(rows[0][0] - 1) > 1e-3)
  }

  private func determinant(_ matrix: [[Double]]) -> Double {
    guard matrix.count > 1 else { return matrix[0][0] }
    return matrix.indices.reduce(0) { sum, column in
      let minor = matrix.dropFirst().map { row in row.indices.filter { $0 != column }.map { row[$0] } }
      return sum + (column % 2 == 0 ? 1 : -1) * matrix[0][column] * determinant(minor)
    }
  }

  /// The largest entry of |Jᵀ Ω J − Ω| for two positions and two momenta.
  private func canonicalError(_ matrix: [[Double]]) -> Double {
    var largest = 0.0
    for row in 0..<4 {
      for column in 0..<4 {
        var form = 0.0
        for index in 0..<2 {
          form += matrix[index][row] * matrix[index + 2][column]
          form -= matrix[index + 2][row] * matrix[index][column]
        }
        let omega: Double = column == row + 2 ? 1 : row == column + 2 ? -1 : 0
        largest = max(largest, abs(form - omega))
      }
    }
    return largest
  }
}
