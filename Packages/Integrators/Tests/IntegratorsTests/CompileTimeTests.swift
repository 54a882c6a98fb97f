import Foundation
import Testing

/// Combinations that make no sense are refused by the compiler: the line after every `// refused:` must be an error that says
/// so, and no other line may be one.
@Suite struct CompileTimeTests {
  /// Where the build left the modules of the library, beside the tests.
  static let modules = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "Modules")

  static var isAvailable: Bool {
    guard let modules else { return false }
    return FileManager.default.fileExists(atPath: modules.appending(path: "Integrators.swiftmodule").path)
  }

  @Test(.enabled(if: isAvailable)) func whatCannotBeCombinedDoesNotCompile() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).swift")
    defer { try? FileManager.default.removeItem(at: file) }
    try program.write(to: file, atomically: true, encoding: .utf8)

    let compiler = Process()
    let output = Pipe()
    compiler.executableURL = URL(filePath: "/usr/bin/env")
    compiler.arguments = ["swiftc", "-typecheck", "-swift-version", "6", "-I", try #require(Self.modules).path, file.path]
    compiler.standardError = output
    try compiler.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    compiler.waitUntilExit()

    var errors: [Int: String] = [:]
    for line in text.split(separator: "\n") where line.hasPrefix(file.path) && line.contains(": error: ") {
      let fields = line.dropFirst(file.path.count + 1).split(separator: ":", maxSplits: 1)
      let number = try #require(Int(fields[0]))
      errors[number, default: ""] += fields[1]
    }
    var refused = Set<Int>()
    let marker = "// refused: "
    for (index, line) in program.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard let range = line.range(of: marker) else { continue }
      // Lines are counted from 1, and the marked one is the next.
      refused.insert(index + 2)
      let reason = line[range.upperBound...]
      #expect(errors[index + 2, default: "compiled"].contains(reason), "line \(index + 2): \(errors[index + 2, default: "compiled"])")
    }
    #expect(refused.count >= 27)
    #expect(Set(errors.keys) == refused, "\(text)")
  }

  let program = """
    import Integrators

    /// T(p) = √(1 + p²), V(q) = q²/2: separable, with a kinetic energy that is not quadratic.
    struct Relativistic: SeparableHamiltonian {
      func velocity(_ momentum: Double) -> Double { momentum / (1 + momentum * momentum).squareRoot() }
      func force(_ position: Double) -> Double { -position }
    }

    struct Spring: NaturalHamiltonian {
      func velocity(_ momentum: Double) -> Double { momentum }
      func force(_ position: Double) -> Double { -position }
    }

    struct Well: ForceGradientHamiltonian {
      func velocity(_ momentum: Double) -> Double { momentum }
      func force(_ position: Double) -> Double { -position * position * position }
      func hessian(at position: Double, times direction: Double) -> Double { 3 * position * position * direction }
    }

    struct Bead: ConstrainedHamiltonian {
      func velocity(_ momentum: SIMD2<Double>) -> SIMD2<Double> { momentum }
      func force(_ position: SIMD2<Double>) -> SIMD2<Double> { SIMD2(0, -1) }
      var constraintCount: Int { 1 }
      func constraint(_ index: Int, at position: SIMD2<Double>) -> Double { ((position * position).sum() - 1) / 2 }
      func constraintGradient(_ index: Int, at position: SIMD2<Double>) -> SIMD2<Double> { position }
    }

    struct Growth: ItoSystem {
      func drift(_ state: Double, at time: Double) -> Double { state }
      func diffusion(_ state: Double, at time: Double, times noise: Double) -> Double { state * noise }
    }

    /// Neither separable nor Hamiltonian.
    struct General: Sendable {
      func derivative(_ state: Double) -> Double { -state }
    }

    struct Decay: DifferentialEquation {
      func derivative(_ state: Double, at time: Double) -> Double { -state }
    }

    /// A space whose coordinates cannot be read.
    struct Opaque: VectorSpace {
      typealias Scalar = Double
      mutating func add(_ scale: Double, times direction: Opaque) {}
    }

    func requireSymplectic(_: some SymplecticStepper) {}

    func separable() {
      let start = Phase(position: 1.0, momentum: 0.0)
      _ = integrate(Relativistic(), from: start, stepSize: 0.1, steps: 1, with: SplittingMethod(.yoshida4))
      _ = integrate(Spring(), from: start, stepSize: 0.1, steps: 1, with: SplittingMethod(.blanesMoanNystrom6))
      _ = integrate(Well(), from: start, stepSize: 0.1, steps: 1, with: ForceGradientSplitting(.chin4A))

      // Orders that rest on a quadratic kinetic energy.
      // refused: 'Relativistic' conform to 'NaturalHamiltonian'
      _ = SplittingMethod<Relativistic>(NystromPalindrome.blanesMoanNystrom6)
      // refused: 'Relativistic' conform to 'NaturalHamiltonian'
      _ = AsymmetricSplitting<Relativistic>(NystromSequence.mclachlanAtela5)
      // refused: does not conform to protocol 'NaturalHamiltonian'
      _ = RungeKuttaNystrom<Relativistic>(.nystrom4)
      // A force gradient that the system does not give.
      // refused: does not conform to protocol 'ForceGradientHamiltonian'
      _ = ForceGradientSplitting<Spring>(.chin4A)
      // Going back with a method that does not promise to.
      // refused: has no member 'reversed'
      _ = AsymmetricSplitting<Spring>(.ruth3).reversed
      // refused: has no member 'reversed'
      _ = RungeKuttaNystrom<Spring>(.nystrom4).reversed
      // Raising the order of a method that is not symmetric.
      // refused: conform to 'ReversibleStepper'
      _ = ComposedStepper(AsymmetricSplitting<Spring>(.ruth3), .kahanLi6)
      // A splitting of something that does not split, and a state that is not of phase space.
      // refused: does not conform to protocol 'SeparableHamiltonian'
      _ = SplittingMethod<General>(.leapfrog)
      // refused: cannot convert value of type 'Double'
      _ = integrate(Spring(), from: 1.0, stepSize: 0.1, steps: 1, with: SplittingMethod<Spring>(.leapfrog))
      // Adaptive steps for a system without energies, or without a pace.
      // refused: does not conform to protocol 'MeasurableHamiltonian'
      _ = LogarithmicLeapfrog<Spring>()
      // refused: does not conform to protocol 'PacedHamiltonian'
      _ = PacedSplitting<Spring>(.leapfrog)
    }

    func constrained() {
      let start = Phase(position: SIMD2(1.0, 0), momentum: SIMD2(0.0, 0))
      _ = integrate(Bead(), from: start, stepSize: 0.1, steps: 1, with: Rattle())
      // An unconstrained method would leave the surface.
      // refused: does not conform to protocol 'SeparableHamiltonian'
      _ = SplittingMethod<Bead>(.leapfrog)
      // refused: does not conform to protocol 'ConstrainedHamiltonian'
      _ = Rattle<Spring>()
    }

    func stochastic() {
      let path = VirtualBrownianTree(like: 0.0, key: NoiseKey(seed: 1), from: 0, to: 1, resolution: 1e-3)
      _ = integrate(Growth(), from: 1, stepSize: 0.1, steps: 10, with: EulerMaruyama(along: path))
      // The wrong calculus, a derivative that is not given, noise that is not additive, and a path in another space.
      // refused: conform to 'StratonovichSystem'
      _ = integrate(Growth(), from: 1, stepSize: 0.1, steps: 10, with: StochasticHeun(along: path))
      // refused: conform to 'DifferentiableNoiseSystem'
      _ = integrate(Growth(), from: 1, stepSize: 0.1, steps: 10, with: Milstein(along: path))
      // refused: conform to 'AdditiveNoiseSystem'
      _ = integrate(Growth(), from: 1, stepSize: 0.1, steps: 10, with: AdditiveRungeKutta(along: path))
      let plane = VirtualBrownianTree(like: SIMD2(0.0, 0), key: NoiseKey(seed: 1), from: 0, to: 1, resolution: 1e-3)
      // refused: 'Double' and 'SIMD2<Double>' be equivalent
      _ = integrate(Growth(), from: 1, stepSize: 0.1, steps: 10, with: EulerMaruyama(along: plane))
      // refused: does not conform to protocol 'LangevinSystem'
      _ = Langevin<Spring>(.baoab, temperature: 1, friction: 1, key: NoiseKey(seed: 1))
    }

    func adaptive() {
      let tolerance = Tolerance<Double>(relative: 1e-6, absolute: 1e-9)
      let start = Phase(position: 1.0, momentum: 0.0)
      _ = solve(Decay(), from: 1, until: 1, with: EmbeddedRungeKutta(.dormandPrince5), tolerance: tolerance)
      _ = solve(Decay(), from: 1, until: 1, with: ExplicitRungeKutta(.rungeKutta4), stepSize: 0.1)
      _ = solve(FirstOrderForm(Spring()), from: start, until: 1, with: GaussLegendre(.gaussLegendre4), stepSize: 0.1)
      requireSymplectic(GaussLegendre<FirstOrderForm<Spring>>(.gaussLegendre4))

      // A tolerance for methods that estimate no error, and variable or interpolated steps for symplectic ones.
      // refused: conform to 'EmbeddedStepper'
      _ = solve(Decay(), from: 1, until: 1, with: ExplicitRungeKutta<Decay>(.rungeKutta4), tolerance: tolerance)
      // refused: has no member 'rungeKutta4'
      _ = EmbeddedRungeKutta<Decay>(.rungeKutta4)
      // refused: conform to 'DenseStepper'
      _ = solve(Spring(), from: start, until: 1, with: SplittingMethod<Spring>(.leapfrog), stepSize: 0.1)
      let phaseTolerance = Tolerance<Phase<Double>>(relative: 1e-6, absolute: 1e-6)
      let gauss = GaussLegendre<FirstOrderForm<Spring>>(.gaussLegendre4)
      // refused: conform to 'EmbeddedStepper'
      _ = solve(FirstOrderForm(Spring()), from: start, until: 1, with: gauss, tolerance: phaseTolerance)
      // A canonical map of what has no Hamiltonian, going back with a method that does not promise to, and a Hamiltonian that
      // is no differential equation until it is written as one.
      // refused: conform to 'GeneralHamiltonian'
      requireSymplectic(GaussLegendre<Decay>(.gaussLegendre4))
      // refused: has no member 'reversed'
      _ = ExplicitRungeKutta<FirstOrderForm<Spring>>(.rungeKutta4).reversed
      // refused: does not conform to protocol 'DifferentialEquation'
      _ = ExplicitRungeKutta<Spring>(.rungeKutta4)
      // Tolerances for coordinates that cannot be read, or of another space.
      // refused: does not conform to protocol 'CoordinateSpace'
      _ = Tolerance<Opaque>(relative: 1e-6, absolute: 1e-6)
      let plane = Tolerance<SIMD2<Double>>(relative: 1e-6, absolute: 1e-6)
      // refused: cannot convert value of type 'Tolerance<SIMD2<Double>>'
      _ = solve(Decay(), from: 1, until: 1, with: EmbeddedRungeKutta(.dormandPrince5), tolerance: plane)
    }
    """
}
