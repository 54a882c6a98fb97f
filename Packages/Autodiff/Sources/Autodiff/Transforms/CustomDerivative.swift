/// `function` with a derivative of your own: where the automatic one is slow, inaccurate, or not what you want.
///
/// - Parameters:
///   - x: What is differentiated. Tensors that `function` captures count as constants.
///   - function: The value.
///   - pullback: From `x`, the value and a cotangent of the value to the gradient of `x`: linear in the cotangent, in tensor
///     operations. Forward mode transposes it, so one rule serves both; derivatives of it are higher derivatives.
public func customDerivative<M: Module, N: Module>(
  _ x: M, _ function: (M) throws -> N, pullback: @escaping @Sendable (_ x: M, _ value: N, _ cotangent: N) -> M
) rethrows -> N {
  let leaves = x.tensors()
  let value = try function(x.replacing(leaves.map(stopGradient)))
  let outputs = value.tensors()
  let rule = CustomRule(inputCount: leaves.count, outputs: outputs.map(\.spec)) { inputs, outputs, cotangents in
    let gradient = pullback(x.replacing(inputs), value.replacing(outputs), value.replacing(cotangents)).tensors()
    for (index, (input, result)) in zip(inputs, gradient).enumerated() {
      require(
        input.spec == result.spec, "customDerivative: the pullback returned \(result.spec) for tensor \(index), which is \(input.spec)")
    }
    return gradient
  }
  return value.replacing(Tensor.apply(rule, leaves + outputs))
}

/// Values with a derivative rule that the user wrote. Inputs: what is differentiated, then the values.
struct CustomRule: MultipleResults {
  typealias Pullback = @Sendable (_ inputs: [Tensor], _ outputs: [Tensor], _ cotangents: [Tensor]) -> [Tensor]

  private final class Rule: Sendable {
    let pullback: Pullback
    init(_ pullback: @escaping Pullback) { self.pullback = pullback }
  }

  let inputCount: Int
  let outputs: [TensorSpec]
  private let rule: Rule

  init(inputCount: Int, outputs: [TensorSpec], _ pullback: @escaping Pullback) {
    self.inputCount = inputCount
    self.outputs = outputs
    rule = Rule(pullback)
  }

  static func == (a: CustomRule, b: CustomRule) -> Bool { a.rule === b.rule }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(rule)) }

  var name: String { "customDerivative" }
  func results(of inputs: [TensorSpec]) -> [TensorSpec] { outputs }

  func kernel(inputs: [TensorSpec], outputs: [TensorSpec]) -> Kernel {
    let (first, count, bytes) = (inputCount, inputs.count, outputs.map(\.byteCount))
    return Kernel { arguments in
      for index in bytes.indices {
        arguments.pointer(count + index).copyMemory(from: arguments.pointer(first + index), byteCount: bytes[index])
      }
    }
  }

  func pullback(inputs: [Tensor], outputs: [Tensor], cotangents: [Tensor?]) -> [Tensor?] {
    let seeds = zip(outputs, cotangents).map { $1 ?? .zeros(like: $0) }
    let gradients = rule.pullback(Array(inputs.prefix(inputCount)), outputs, seeds)
    return gradients.map { $0.dtype.isFloatingPoint ? $0 : nil } + outputs.map { _ in nil }
  }

  /// The transpose of the pullback, which is linear in the cotangents.
  func pushforward(inputs: [Tensor], outputs: [Tensor], tangents: [Tensor?]) -> [Tensor?] {
    let own = Array(inputs.prefix(inputCount))
    let directions = zip(own, tangents).map { $1 ?? .zeros(like: $0) }
    return vjp(outputs.map { .zeros(like: $0) }) { rule.pullback(own, outputs, $0) }.pullback(directions)
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> [Tensor]? {
    let one = rule.pullback
    let all = CustomRule(inputCount: inputCount, outputs: outputs.map { TensorSpec([count] + $0.shape, $0.dtype) }) { x, y, cotangents in
      vmap(x + y + cotangents) { leaves in
        one(Array(leaves.prefix(x.count)), Array(leaves[x.count..<x.count + y.count]), Array(leaves.suffix(y.count)))
      }
    }
    return Tensor.apply(all, inputs.mapped(isMapped, count))
  }
}
