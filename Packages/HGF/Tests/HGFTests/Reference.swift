import Autodiff
import DifferentiableIntegrators
import HGF
import Integrators
import NeuralNetworks
import Probability

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// Scalar functions of the C library under names that no tensor function has.

func referenceSin(_ x: Double) -> Double { sin(x) }
func referenceCos(_ x: Double) -> Double { cos(x) }
func referenceAtan(_ x: Double) -> Double { atan(x) }
func referenceExp(_ x: Double) -> Double { exp(x) }

func double(_ values: [Double], _ shape: [Int]? = nil) -> Tensor { Tensor(values, shape: shape, dtype: .float64) }

/// The largest difference of two tensors.
func difference(_ a: Tensor, _ b: Tensor) -> Double { zip(a.doubles, b.doubles).reduce(0) { max($0, ($1.0 - $1.1).magnitude) } }

/// 0.4 N(-2, 1) + 0.6 N(2, 1): the data of the paper's figure 2.
let toy = GaussianMixture(
  logWeights: double([-0.916290731874155, -0.5108256237659907]), means: double([-2, 2], [2, 1]),
  standardDeviations: double([1, 1], [2, 1]))

func normal(_ shape: [Int], _ seed: UInt64) -> Tensor { Tensor.normal(shape, key: Key(seed: seed), dtype: .float64) }

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

func variance(_ values: [Double]) -> Double {
  let center = mean(values)
  return values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count)
}

/// The integral of a function by composite Simpson sums.
func integral(_ range: ClosedRange<Double>, intervals: Int = 400, _ f: (Double) -> Double) -> Double {
  let h = (range.upperBound - range.lowerBound) / Double(intervals)
  return (0...intervals).reduce(0) { sum, index in
    let weight = index == 0 || index == intervals ? 1.0 : (index % 2 == 1 ? 4.0 : 2.0)
    return sum + weight * f(range.lowerBound + Double(index) * h)
  } * h / 3
}

/// `V = g(t) x` of one parameter g for all times: the shape of the best predictor for normal data under a linear force.
struct LinearPredictor: VelocityPredictor {
  let slope: @Sendable (Tensor) -> Tensor

  mutating func walk(_ walker: inout some Walker) {}
  func velocity(_ x: Tensor, at time: Tensor, context: Tensor?) -> Tensor { slope(time.expanded(axis: 1)) * x }
}
