import Autodiff
import NeuralNetworks
import Testing

struct OptimizerLaws {
  /// A constant rate makes RMSProp circle the minimum, and decay holds AdamW away from it: both are left out here.
  @Test(arguments: minimizers.filter { $0.isCompiled && $0.steps > 0 })
  func reachesTheMinimum(_ minimizer: Minimizer) throws {
    for problem in [Problem.quadratic, .rosenbrock] {
      let end = try minimizer.path(problem, minimizer.steps, false).last!
      let loss = problem.loss(Tensor(end)).item()
      #expect(loss < 1e-6, "\(problem.name): \(loss) at \(end)")
    }
  }

  @Test(arguments: minimizers)
  func resumedEqualsUninterrupted(_ minimizer: Minimizer) throws {
    for problem in [Problem.quadratic, .rosenbrock] {
      let (through, resumed) = (try minimizer.path(problem, 15, false), try minimizer.path(problem, 15, true))
      #expect(through == resumed, "\(problem.name)")
    }
  }

  @Test(arguments: zip(minimizers.filter { !$0.isCompiled }, minimizers.filter(\.isCompiled)))
  func compiledEqualsUncompiled(_ plain: Minimizer, _ compiled: Minimizer) throws {
    #expect(plain.testDescription == compiled.testDescription)
    let (a, b) = (try plain.path(.rosenbrock, 15, false), try compiled.path(.rosenbrock, 15, false))
    for (x, y) in zip(a.joined(), b.joined()) { #expect((x - y).magnitude < 1e-12) }
  }

  @Test(arguments: minimizers.filter { TorchValues.stored.optimizers[$0.testDescription] != nil })
  func followsPyTorch(_ minimizer: Minimizer) throws {
    let expected = TorchValues.stored.optimizers[minimizer.testDescription]!
    let found = try minimizer.path(.rosenbrock, expected.count, false)
    for (step, (x, y)) in zip(found, expected).enumerated() {
      for (a, b) in zip(x, y) { #expect((a - b).magnitude < 1e-12, "step \(step + 1): \(a) and \(b)") }
    }
  }

  @Test func everyStoredOptimizerIsInTheCatalogue() {
    #expect(Set(TorchValues.stored.optimizers.keys).isSubset(of: Set(minimizers.map(\.testDescription))))
  }

  @Test func statesAreSavedUnderTheirPaths() {
    func paths(_ name: String) -> [String]? { minimizers.first { $0.testDescription == name }?.statePaths }
    #expect(paths("Adam") == ["model", "optimizer.first", "optimizer.second", "optimizer.step"])
    #expect(paths("momentum") == ["model", "optimizer.velocity", "optimizer.step"])
    #expect(paths("RMSProp") == ["model", "optimizer.second", "optimizer.velocity", "optimizer.step"])
    #expect(paths("L-BFGS") == ["steps", "changes", "count", "step"])
    let state = TrainingState(Linear(1, 1, key: Key(seed: 0)), averaging: true)
    #expect(
      state.namedTensors().map(\.path) == [
        "model.weight", "model.bias", "optimizer.first.weight", "optimizer.first.bias", "optimizer.second.weight",
        "optimizer.second.bias", "optimizer.step", "average.weight", "average.bias",
      ])
  }

  @Test func aStateOfAnotherOptimizerIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let state = TrainingState(Tensor([1.0]))
      _ = state.advanced(by: RMSProp(learningRate: .constant(0.1)), loss: { $0.sum() })
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("OptimizerState: it keeps [\"first\", \"second\"], not 'velocity'"))
  }

  @Test func adamLeavesAParameterWithoutGradientAlone() {
    let adam = Adam(learningRate: .constant(0.1))
    let model = Tensor([1.5, 2.5])
    #expect(adam.update(model, gradient: .zeros(like: model), state: adam.state(for: model)).model.doubles == [1.5, 2.5])
  }
}

struct LBFGSTests {
  @Test func stopsWhereTheGradientVanishes() {
    let optimizer = LBFGS()
    let start = Tensor([-1.2, 1.0])
    let outcome = optimizer.minimize(start, state: optimizer.state(for: start), iterations: 200) { x in
      valueAndGrad(x) { x in
        let (a, b) = (x.slice(axis: 0, 0..<1), x.slice(axis: 0, 1..<2))
        return (square(1.0 - a) + 100.0 * square(b - square(a))).sum()
      }
    }
    #expect(outcome.isConverged && outcome.loss < 1e-12)
    for x in outcome.model.doubles { #expect((x - 1).magnitude < 1e-5) }
    #expect(outcome.state.step.item() < 60)
  }

  /// On a quadratic in n dimensions with exact enough steps the memory finds the minimum in little more than n iterations.
  @Test func quadraticTakesAFewIterations() throws {
    let path = try minimizers.first { $0.testDescription == "L-BFGS" }!.path(.quadratic, 12, false)
    #expect(Problem.quadratic.loss(Tensor(path[11])).item() < 1e-10)
  }

  @Test func lossesThatOverflowAreSteppedBackFrom() {
    let optimizer = LBFGS()
    let start = Tensor([700.0])
    let outcome = optimizer.minimize(start, state: optimizer.state(for: start), iterations: 500) { x in
      valueAndGrad(x) { (exp($0) - $0).sum() }
    }
    #expect(outcome.loss.isFinite && outcome.model.doubles[0].isFinite)
  }

  /// float32 models train too; the method's own numbers are float64.
  @Test func modelsMayBeSingle() {
    let optimizer = LBFGS()
    let network = MLP(sizes: [1, 8, 1], activation: .tanh, key: Key(seed: 3))
    let x = Tensor.iota([32, 1], dtype: .float32) * 0.1
    let y = sin(x)
    let objective = compile { (network: MLP) -> Pair<Tensor, MLP> in
      let (value, gradient) = valueAndGrad(network) { square($0(x) - y).mean() }
      return Pair(value, gradient)
    }
    let outcome = optimizer.minimize(network, state: optimizer.state(for: network), iterations: 100) { network in
      let pair = objective(network)
      return (pair.first, pair.second)
    }
    #expect(outcome.loss < 1e-3, "\(outcome.loss)")
    #expect(outcome.model.layers[0].weight.dtype == .float32)
  }
}
