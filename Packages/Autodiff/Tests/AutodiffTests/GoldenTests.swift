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
    case "exp": return exp(x[0])
    case "expm1": return expm1(x[0])
    case "tanh": return tanh(x[0])
    case "sigmoid": return sigmoid(x[0])
    case "softplus": return softplus(x[0])
    case "negate": return -x[0]
    case "sin": return sin(x[0])
    case "cos": return cos(x[0])
    case "square": return square(x[0])
    case "erf": return erf(x[0])
    case "log": return log(x[0])
    case "log1p": return log1p(x[0])
    case "sqrt": return sqrt(x[0])
    case "abs": return abs(x[0])
    case "sign": return sign(x[0])
    case "floor": return floor(x[0])
    case "add": return x[0] + x[1]
    case "subtract": return x[0] - x[1]
    case "multiply": return x[0] * x[1]
    case "divide": return x[0] / x[1]
    case "maximum": return maximum(x[0], x[1])
    case "minimum": return minimum(x[0], x[1])
    case "power": return attributes.exponent.map { pow(x[0], $0) } ?? pow(x[0], x[1])
    case "less": return x[0] .< x[1]
    case "lessOrEqual": return x[0] .<= x[1]
    case "greater": return x[0] .> x[1]
    case "equal": return x[0] .== x[1]
    case "where": return Tensor.where(x[0].cast(to: .bool), x[1], x[2])
    case "sum": return x[0].sum(axes: attributes.axes, keepingDimensions: keep)
    case "mean": return x[0].mean(axes: attributes.axes, keepingDimensions: keep)
    case "max": return x[0].max(axes: attributes.axes, keepingDimensions: keep)
    case "min": return x[0].min(axes: attributes.axes, keepingDimensions: keep)
    case "logSumExp": return x[0].logSumExp(axes: attributes.axes, keepingDimensions: keep)
    case "softmax": return exp(x[0] - x[0].logSumExp(axis: attributes.axis!, keepingDimensions: true))
    case "argmax": return x[0].argmax(axis: attributes.axis!)
    case "cumulativeSum": return x[0].cumulativeSum(axis: attributes.axis!)
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
  @Test func casesArePresent() { #expect(GoldenCase.all.count >= 100) }

  @Test(arguments: GoldenCase.all) func agreesWithJAX(_ golden: GoldenCase) {
    let inputs = golden.inputs.map(\.tensor)
    guard let output = golden(inputs) else { return }
    #expect(output.shape == golden.output.shape)
    expectClose(output.doubles, golden.output.values.map(\.value), 2e-14)
    guard let cotangent = golden.cotangent, let pullbacks = golden.pullbacks else { return }
    let pulled = vjp(inputs) { golden($0)! }.pullback(cotangent.tensor)
    for (own, expected) in zip(pulled, pullbacks) {
      // Where a Cholesky factor's input is symmetric, gradients differ by convention, as the file says.
      guard let expected, golden.operation != "cholesky" else { continue }
      expectClose(own.doubles, expected.values.map(\.value), 2e-13)
    }
  }
}
