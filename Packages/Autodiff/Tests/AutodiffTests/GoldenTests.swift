import Autodiff
import Foundation
import Testing

/// Values that JAX computed, written by `Golden/make_jax_primitives.py`.
struct GoldenCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Attributes: Decodable, Sendable {
    var axes: [Int]?
    var axis: Int?
    var keepDimensions: Bool?
    var shape: [Int]?
    var permutation: [Int]?
    var starts: [Int]?
    var ends: [Int]?
    var strides: [Int]?
    var exponent: Double?
    var count: Int?
    var lower: Bool?
    var transposed: Bool?
    var reverse: Bool?
    var correction: Double?
    var form: String?
  }

  let name: String
  let operation: String
  let attributes: Attributes
  let inputs: [GoldenValues]
  let output: GoldenValues
  let cotangent: GoldenValues?
  let pullbacks: [GoldenValues?]?
  var testDescription: String { name }

  static func read<Content: Decodable>(_ file: String) throws -> Content {
    try GoldenValues.read(file, besides: #filePath)
  }

  private struct File: Decodable { let cases: [GoldenCase] }

  static let all: [GoldenCase] = (try? (read("jax_primitives.json") as File).cases) ?? []

  /// The operation in our terms; nil where it has a batch of matrices, which only `matmul` takes.
  func callAsFunction(_ x: [Tensor]) -> Tensor? {
    let keep = attributes.keepDimensions ?? false
    switch operation {
    case "negate": return -x[0]
    case "exp": return exp(x[0])
    case "expm1": return expm1(x[0])
    case "tanh": return tanh(x[0])
    case "sigmoid": return sigmoid(x[0])
    case "softplus": return softplus(x[0])
    case "sin": return sin(x[0])
    case "cos": return cos(x[0])
    case "tan": return tan(x[0])
    case "asin": return asin(x[0])
    case "acos": return acos(x[0])
    case "atan": return atan(x[0])
    case "sinh": return sinh(x[0])
    case "cosh": return cosh(x[0])
    case "square": return square(x[0])
    case "erf": return erf(x[0])
    case "erfc": return erfc(x[0])
    case "erfInverse": return erfInverse(x[0])
    case "log": return log(x[0])
    case "log1p": return log1p(x[0])
    case "sqrt": return sqrt(x[0])
    case "rsqrt": return rsqrt(x[0])
    case "reciprocal": return reciprocal(x[0])
    case "abs": return abs(x[0])
    case "sign": return sign(x[0])
    case "floor": return floor(x[0])
    case "ceil": return ceil(x[0])
    case "round": return round(x[0])
    case "isFinite": return isFinite(x[0])
    case "isNaN": return isNaN(x[0])
    case "logGamma": return logGamma(x[0])
    case "digamma": return digamma(x[0])
    case "silu": return silu(x[0])
    case "relu": return relu(x[0])
    case "leakyRelu": return leakyRelu(x[0])
    case "elu": return elu(x[0])
    case "polygamma": return polygamma(attributes.count!, x[0])
    case "gelu": return gelu(x[0], form: attributes.form == "tanh" ? .tanh : .exact)
    case "add": return x[0] + x[1]
    case "subtract": return x[0] - x[1]
    case "multiply": return x[0] * x[1]
    case "divide": return x[0] / x[1]
    case "maximum": return maximum(x[0], x[1])
    case "minimum": return minimum(x[0], x[1])
    case "remainder": return remainder(x[0], x[1])
    case "atan2": return atan2(y: x[0], x: x[1])
    case "logAddExp": return logAddExp(x[0], x[1])
    case "clamp": return x.count == 1 ? clamp(x[0], -1, 0.5) : clamp(x[0], x[1], x[2])
    case "power": return attributes.exponent.map { pow(x[0], $0) } ?? pow(x[0], x[1])
    case "less": return x[0] .< x[1]
    case "lessOrEqual": return x[0] .<= x[1]
    case "greater": return x[0] .> x[1]
    case "equal": return x[0] .== x[1]
    case "where": return Tensor.where(x[0].cast(to: .bool), x[1], x[2])
    case "sum": return x[0].sum(axes: attributes.axes, keepingDimensions: keep)
    case "mean": return x[0].mean(axes: attributes.axes, keepingDimensions: keep)
    case "product": return x[0].product(axes: attributes.axes, keepingDimensions: keep)
    case "variance": return x[0].variance(axes: attributes.axes, correction: attributes.correction ?? 0, keepingDimensions: keep)
    case "standardDeviation": return x[0].standardDeviation(axes: attributes.axes, keepingDimensions: keep)
    case "norm": return x[0].norm(axes: attributes.axes, keepingDimensions: keep)
    case "any": return x[0].any(axes: attributes.axes)
    case "all": return x[0].all(axes: attributes.axes)
    case "max": return x[0].max(axes: attributes.axes, keepingDimensions: keep)
    case "min": return x[0].min(axes: attributes.axes, keepingDimensions: keep)
    case "logSumExp": return x[0].logSumExp(axes: attributes.axes, keepingDimensions: keep)
    case "softmax": return x[0].softmax(axis: attributes.axis!)
    case "logSoftmax": return x[0].logSoftmax(axis: attributes.axis!)
    case "argmax": return x[0].argmax(axis: attributes.axis)
    case "argmin": return x[0].argmin(axis: attributes.axis)
    case "cumulativeSum": return x[0].cumulativeSum(axis: attributes.axis!, reverse: attributes.reverse ?? false)
    case "cumulativeProduct": return x[0].cumulativeProduct(axis: attributes.axis!, reverse: attributes.reverse ?? false)
    case "cumulativeLogSumExp": return x[0].cumulativeLogSumExp(axis: attributes.axis!, reverse: attributes.reverse ?? false)
    case "reshape": return x[0].reshaped(attributes.shape!)
    case "transpose": return x[0].transposed(attributes.permutation!)
    case "broadcast": return x[0].broadcast(to: attributes.shape!)
    case "slice":
      return x[0].shape.indices.reduce(x[0]) {
        $0.slice(axis: $1, attributes.starts![$1]..<attributes.ends![$1], step: attributes.strides![$1])
      }
    case "concatenate": return .concatenated(x, axis: attributes.axis!)
    case "gather": return x[0].take(x[1].cast(to: .int32), axis: 0)
    case "iota": return .iota([attributes.count!])
    case "matmul": return x[0].matmul(x[1])
    case "cholesky": return x[0].cholesky()
    case "triangularSolve": return x[0].triangularSolve(x[1], lower: attributes.lower!, transposed: attributes.transposed!)
    default: preconditionFailure("no such operation: \(operation)")
    }
  }
}

@Suite struct GoldenTests {
  @Test func casesArePresent() { #expect(GoldenCase.all.count >= 300) }

  @Test(arguments: GoldenCase.all) func agreesWithJAX(_ golden: GoldenCase) {
    let inputs = golden.inputs.map(\.tensor)
    guard let output = golden(inputs) else { return }
    #expect(output.spec == TensorSpec(golden.output.shape, golden.output.type))
    let isSingle = inputs.contains { $0.dtype == .float32 }
    expectClose(output.doubles, golden.output.values.map(\.value), isSingle ? 2e-6 : 2e-14)
    guard let cotangent = golden.cotangent, let pullbacks = golden.pullbacks else { return }
    let pulled = vjp(inputs) { golden($0)! }.pullback(cotangent.tensor)
    for (own, expected) in zip(pulled, pullbacks) {
      // Where a Cholesky factor's input is symmetric, gradients differ by convention, as the file says.
      guard let expected, golden.operation != "cholesky" else { continue }
      // JAX's single-precision erf_inv is tens of units off towards 1, and its derivative with it.
      let single = golden.operation == "erfInverse" ? 2e-5 : 4e-6
      expectClose(own.doubles, expected.values.map(\.value), isSingle ? single : 2e-13)
    }
  }
}
