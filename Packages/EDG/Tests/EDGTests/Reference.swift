import Autodiff
import EDG
import NeuralNetworks
import Probability

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

func double(_ values: [Double], _ shape: [Int]? = nil) -> Tensor { Tensor(values, shape: shape, dtype: .float64) }

func referenceLog(_ x: Double) -> Double { log(x) }
func referenceExp(_ x: Double) -> Double { exp(x) }

/// `x = a z + b + c ξ` in one dimension.
struct LinearDecoder: Decoder {
  var slope = double([1.3], [1, 1])
  var shift = double([0.4])
  var deviation = double([0.5])

  var latentDimension: Int { 1 }
  var eventDimension: Int { 1 }

  mutating func walk(_ walker: inout some Walker) {
    walker.parameter("slope", &slope)
    walker.parameter("shift", &shift)
    walker.parameter("deviation", &deviation)
  }

  func callAsFunction(_ z: Tensor) -> ConditionalNormal {
    ConditionalNormal(mean: z * slope + shift, logStandardDeviation: log(deviation).broadcast(to: z.shape))
  }
}

/// The exact score of `p(z_t|x)` for that decoder, times a factor.
struct LinearPosteriorScore: LatentScore {
  var factor = 1.0

  mutating func walk(_ walker: inout some Walker) { walker.setting("factor", factor) }

  func callAsFunction(_ z: Tensor, given x: Tensor, at time: Tensor, of decoder: some Decoder, _ diffusion: LatentDiffusion) -> Tensor {
    let (a, b, c) = (1.3, 0.4, 0.5)
    let (gain, width) = (a / (a * a + c * c), c * c / (a * a + c * c))
    let t = time.expanded(axis: 1)
    let mean = diffusion.meanFactor(t)
    return (mean * gain * (x - b) - z) / (square(mean) * width + diffusion.variance(t)) * factor
  }
}

/// `s = -z`: exact where the event says nothing about the latent and the diffusion keeps the prior.
struct PriorScore: LatentScore {
  mutating func walk(_ walker: inout some Walker) {}

  func callAsFunction(_ z: Tensor, given x: Tensor, at time: Tensor, of decoder: some Decoder, _ diffusion: LatentDiffusion) -> Tensor {
    -z
  }
}

/// `(x - center)²/(2 variance)`, summed: `log Z = d/2 log(2π variance)`.
struct RoundWell: Energy {
  var dimension = 1
  var center = 0.0
  var variance = 1.0
  var eventShape: [Int] { [dimension] }
  func callAsFunction(_ x: Tensor) -> Tensor { square(x - center).sum(axis: -1) * (0.5 / variance) }
  var logNormalizer: Double { 0.5 * Double(dimension) * log(2 * Double.pi * variance) }
}

/// Nodes and weights of Gauss and Legendre on `parts` equal parts of [0, 1], by Newton's method on the Legendre polynomials.
func gaussLegendre(_ count: Int, parts: Int) -> [(node: Double, weight: Double)] {
  let base = (0..<count).map { index -> (Double, Double) in
    var x = cos(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
    var slope = 0.0
    for _ in 0..<50 {
      var (p, previous) = (1.0, 0.0)
      for k in 1...count { (p, previous) = ((Double(2 * k - 1) * x * p - Double(k - 1) * previous) / Double(k), p) }
      slope = Double(count) * (x * p - previous) / (x * x - 1)
      x -= p / slope
    }
    return (x, 2 / ((1 - x * x) * slope * slope))
  }
  return (0..<parts).flatMap { part in
    base.map { ((Double(part) + 0.5 + 0.5 * $0.0) / Double(parts), 0.5 * $0.1 / Double(parts)) }
  }
}

/// Nodes and weights for means over N(0, 1): the trapezoidal rule, which is exact to rounding for smooth functions.
func normalNodes(_ count: Int, reach: Double = 9) -> [(node: Double, weight: Double)] {
  let spacing = 2 * reach / Double(count - 1)
  return (0..<count).map { index in
    let x = -reach + spacing * Double(index)
    return (x, spacing * exp(-0.5 * x * x) / (2 * Double.pi).squareRoot())
  }
}

/// Three nodes that give means over N(0, 1) of polynomials up to degree 5 exactly (Gauss and Hermite).
let quadraticNodes: [(node: Double, weight: Double)] = [
  (-3.0.squareRoot(), 1.0 / 6), (0, 2.0 / 3), (3.0.squareRoot(), 1.0 / 6),
]
