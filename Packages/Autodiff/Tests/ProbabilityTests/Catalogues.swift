import Autodiff
import Probability
import Testing

/// A conformer with a name that test output shows.
struct Named<Value: Sendable>: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let value: Value

  init(_ name: String, _ value: Value) {
    testDescription = name
    self.value = value
  }
}

func double(_ values: [Double], _ shape: [Int]? = nil) -> Tensor { Tensor(values, shape: shape, dtype: .float64) }

/// Every distribution, in two dimensions, most of its mass inside [-9, 9]².
let distributions: [Named<any Distribution>] = [
  Named("DiagonalNormal", DiagonalNormal(mean: double([0.5, -1]), standardDeviation: double([0.8, 1.4]))),
  Named("SoftUniform wide", SoftUniform(dimension: 2, width: 6, sharpness: 10, dtype: .float64)),
  Named("SoftUniform blunt", SoftUniform(dimension: 2, width: 1.5, sharpness: 3, dtype: .float64)),
  Named("Uniform", Uniform(lower: double([-1, 0.5]), upper: double([2, 3.5]))),
  Named(
    "GaussianMixture",
    GaussianMixture(
      logWeights: double([0.2, 1.1, -0.5]), means: double([-2, 0, 1, 3, 2, -2], [3, 2]),
      standardDeviations: double([0.5, 1, 0.7, 0.4, 1.2, 0.6], [3, 2]))),
  Named("MultivariateNormal", MultivariateNormal(mean: double([0.5, -1]), factor: double([0.8, 0, -0.9, 1.1], [2, 2]))),
  Named("Logistic", Logistic(location: double([0.5, -1]), scale: double([0.3, 0.5]))),
  Named("Funnel", Funnel(dimension: 2, scale: 0.5, dtype: .float64)),
  Named(
    "Mixture",
    Mixture(
      [
        DiagonalNormal(mean: double([0.5, -1]), standardDeviation: double([0.8, 1.4])),
        DiagonalNormal(mean: double([-2, 2]), standardDeviation: double([0.5, 0.4])),
      ], logWeights: double([0.3, -0.4]))),
  Named(
    "TransformedDistribution",
    TransformedDistribution(
      Logistic(location: double([0.5, -1]), scale: double([0.3, 0.5])),
      through: TriangularAffine(shift: double([0.3, -1]), factor: double([1.1, 0, -0.7, 0.6], [2, 2])))),
]

/// Bijections that need no conditioner.
private let freeBijections: [Named<any Bijection>] = [
  Named("Affine", Affine(shift: double([0.3, -2]), logScale: double([0.7, -1.2]))),
  Named("TriangularAffine", TriangularAffine(shift: double([0.3, -2]), factor: double([1.5, 9, -0.7, 0.4], [2, 2]))),
  Named("IntervalLogit", IntervalLogit(lower: double([0.4, 0]), upper: double([1, 1]))),
  Named("Inverted", Inverted(Affine(shift: double([0.3, -2]), logScale: double([0.7, -1.2])))),
  Named(
    "Composed",
    Composed(
      TriangularAffine(shift: double([0.1, -0.2]), factor: double([0.5, 0, -0.2, 0.4], [2, 2])),
      then: IntervalLogit(lower: double([0.4, 0]), upper: double([1, 1])))),
  Named("exp", ElementwiseMap(.exp, dimension: 2)),
  Named("softplus", ElementwiseMap(.softplus, dimension: 2)),
  Named("sigmoid", ElementwiseMap(.sigmoid, dimension: 2)),
  Named("tanh", ElementwiseMap(.tanh, dimension: 2)),
  Named("Permutation", Permutation([1, 0])),
  Named("ActNorm", ActNorm(bias: double([0.4, -1.3]), logScale: double([-0.3, 0.8]))),
  Named(
    "PLULinear",
    PLULinear(
      order: [1, 0], lower: double([9, 9, 0.6, 9], [2, 2]), upper: double([9, -0.8, 9, 9], [2, 2]), logDiagonal: double([0.2, -0.5]),
      sign: double([1, -1]))),
  Named(
    "Chain",
    Chain([
      Affine(shift: double([0.3, -0.2]), logScale: double([0.2, -0.4])), Permutation([1, 0]), ElementwiseMap(.softplus, dimension: 2),
      TriangularAffine(shift: double([0.3, -2]), factor: double([1.5, 9, -0.7, 0.4], [2, 2])),
    ])),
]

/// `tanh(x W₁) W₂ + b`, of which a mask may hide entries of the second product from some inputs.
struct SmallConditioner: Conditioner, DataInitializedConditioner {
  var inner: Tensor
  var outer: Tensor
  var bias: Tensor

  /// `[inputs] -> [outputs]` with values that differ in every entry; `reads` says whether output j may depend on input i.
  init(_ inputs: Int, _ outputs: Int, reads: (Int, Int) -> Bool = { _, _ in true }) {
    inner = double((0..<inputs * inputs).map { $0 % (inputs + 1) == 0 ? 0.7 + 0.2 * Double($0) : 0 }, [inputs, inputs])
    outer = double(
      (0..<inputs * outputs).map { reads($0 / outputs, $0 % outputs) ? 0.5 * referenceCos(1.7 * Double($0)) : 0 }, [inputs, outputs])
    bias = double((0..<outputs).map { 0.3 * referenceCos(2.3 * Double($0) + 1) })
  }

  mutating func walk(_ walker: inout some Walker) {
    walker.parameter("inner", &inner)
    walker.parameter("outer", &outer)
    walker.parameter("bias", &bias)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { tanh(x.matmul(inner)).matmul(outer) + bias }

  func initialized(from x: Tensor, key: Key) -> SmallConditioner {
    var next = self
    next.bias = bias + x.mean()
    return next
  }
}

private func coupling(_ transform: CoordinateTransform) -> Coupling<SmallConditioner> {
  Coupling(SmallConditioner(1, transform.parameterCount), transform: transform, dimension: 2, kept: 1)
}

/// Couplings and autoregressive maps with each transform.
private let conditionedBijections: [Named<any Bijection>] = [
  Named("Coupling additive", coupling(.additive)),
  Named("Coupling affine", coupling(.affine())),
  Named("Coupling affine, bounded", coupling(.affine(bound: 0.3))),
  Named("Coupling spline", coupling(.rationalQuadratic(bins: 5, reach: 3))),
  Named(
    "MaskedAutoregressive affine",
    MaskedAutoregressive(SmallConditioner(2, 4, reads: { $0 == 0 && $1 % 2 == 1 }), transform: .affine(), dimension: 2)),
  Named(
    "MaskedAutoregressive spline",
    MaskedAutoregressive(
      SmallConditioner(2, 22, reads: { $0 == 0 && $1 % 2 == 1 }), transform: .rationalQuadratic(bins: 4, reach: 3), dimension: 2)),
]

/// Every bijection, in two dimensions.
let bijections = freeBijections + conditionedBijections

/// Every energy.
let energies: [Named<any Energy>] = [
  Named("DensityEnergy", DensityEnergy(DiagonalNormal(mean: double([0.5, -1]), standardDeviation: double([0.8, 1.4])))),
  Named("HarmonicWell", HarmonicWell(stiffness: double([2.3, 0.4]), center: double([0.5, -1]))),
  Named("DoubleWell", DoubleWell(dimension: 2, barrier: 1.2, position: 0.9, tilt: 0.3)),
  Named(
    "PulledBackEnergy",
    PulledBackEnergy(
      HarmonicWell(stiffness: double([2.3, 0.4]), center: double([0.5, -1])),
      through: IntervalLogit(lower: double([-1, -2]), upper: double([1, 2])))),
  Named("MuellerBrown", MuellerBrown()),
  Named("Rosenbrock", RosenbrockEnergy()),
  Named("Rosenbrock of five", RosenbrockEnergy(dimension: 5)),
  Named("ManyWell", ManyWell(pairs: 3)),
  Named("DoubleWellParticles", DoubleWellParticles()),
  Named("LennardJonesCluster", LennardJonesCluster(particles: 4)),
  Named("RingEnergy", RingEnergy.five),
  Named("TemperedEnergy", TemperedEnergy(RingEnergy.ring, temperature: 1.7)),
  Named("FunctionEnergy", FunctionEnergy(eventShape: [2]) { square(square($0)).sum(axis: -1) }),
  Named("TetheredParticles", TetheredParticles(LennardJonesCluster(particles: 3), dimensions: 3)),
  Named("IsingRelaxation", IsingRelaxation(IsingLattice(side: 3, temperature: 2.5))),
  Named(
    "LogisticRegressionPosterior",
    LogisticRegressionPosterior(features: double([0.3, 1, -2, 1, 0.7, 1], [3, 2]), labels: double([1, 0, 1]), priorScale: 0.8)),
]
