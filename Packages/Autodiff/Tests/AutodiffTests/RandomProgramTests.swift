import Autodiff
import Testing

/// A small deterministic generator for choosing programs.
private struct Dice {
  var state: UInt64

  mutating func roll(_ sides: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % sides
  }
}

/// Random expressions over a batch, weights and constants.
private struct RandomProgram {
  let batch: Int
  let seed: Int

  /// Every intermediate is `[batch, 3]`, so that any two can be combined.
  func callAsFunction(_ x: Tensor, _ w: Tensor) -> Tensor {
    var dice = Dice(state: UInt64(seed))
    var values = [x, tanh(x.matmul(w))]
    for _ in 0..<(3 + dice.roll(10)) {
      let (a, b) = (values[dice.roll(values.count)], values[dice.roll(values.count)])
      values.append(combine(dice.roll(25), a, b, w, dice.roll(3)))
    }
    return values.last! + values[values.count / 2] * 0.1
  }

  private func combine(_ choice: Int, _ a: Tensor, _ b: Tensor, _ w: Tensor, _ axis: Int) -> Tensor {
    switch choice {
    case 0: a + b
    case 1: a - 0.5 * b
    case 2: a * tanh(b)
    case 3: softplus(a)
    case 4: sigmoid(a) * softplus(a) - b
    case 5: a.matmul(w) + w.sum(axis: 0)
    case 6: tanh(a).matmul(w.transposed())
    case 7: a / (1 + square(b))
    case 8: a - a.mean(axis: 0)
    case 9: a * rsqrt(1 + square(b).sum(axis: 1, keepingDimensions: true))
    case 10: b + sin(a).matmul(a.transposed().matmul(b) / Double(batch))
    case 11: .concatenated([a.slice(axis: 1, 1..<3), b.slice(axis: 1, 0..<1)], axis: 1)
    case 12: grad(a) { (softplus($0.matmul(w)) * b).sum() }
    case 13: a.cumulativeSum(axis: 1) - b.logSumExp(axis: 1, keepingDimensions: true)
    case 14: .where(a .> b, a, 0.5 * b) + w.slice(axis: 0, axis..<axis + 1)
    case 15: a.reshaped([batch * 3]).reshaped([batch, 3]).transposed().transposed() * b.max(axis: 1, keepingDimensions: true)
    default: rearrange(choice, a, b, w, axis)
    }
  }

  private func rearrange(_ choice: Int, _ a: Tensor, _ b: Tensor, _ w: Tensor, _ axis: Int) -> Tensor {
    let places = (stopGradient(sigmoid(a.slice(axis: 1, axis..<axis + 1))) * 2.99).squeezed(axis: 1).cast(to: .int32)
    switch choice {
    case 16: return a.sorted(axis: 1) - b
    case 17: return a.flipped(axis: 0).rolled(axis + 1, axis: 0) * 0.5 + b.flipped(axis: 1)
    case 18: return einsum("bi,bj,ij->bj", tanh(a), b, w)
    case 19: return a.padded(axis: 1, before: 1, after: 1, with: .edge)[0..., axis..<axis + 3] + b
    case 20: return w.take(places, axis: 0) * b
    case 21: return b.matmul(w.scatterAdd(places, a, axis: 0) / Double(batch))
    case 22: return a * w.upperTriangle(offset: -1).diagonal(offset: 1 - axis).sum()
    case 23: return b.takeAlong(a.argsort(axis: 1), axis: 1)
    default:
      return (w.lowerTriangle() * 0.1 + 2 * Tensor.identity(3, dtype: .float64)).triangularSolve(a.transposed()).transposed()
    }
  }
}

@Suite struct RandomProgramTests {
  /// Compiled (fused, split into shards, planned memory) against one node at a time, for batches that split evenly and not.
  @Test(arguments: 0..<320) func compiledEqualsUncompiled(_ seed: Int) {
    let batch = [5, 256, 300, 641][seed % 4]
    let program = RandomProgram(batch: batch, seed: seed)
    let keys = Key(seed: UInt64(seed)).split(2)
    let x = Tensor.normal([batch, 3], key: keys[0], dtype: .float64)
    let w = Tensor.normal([3, 3], key: keys[1], dtype: .float64) * 0.5
    let step: @Sendable (Tensor, Tensor) -> (Tensor, Tensor, Pair<Tensor, Tensor>) = { x, w in
      let (value, gradient) = valueAndGrad(Pair(x, w)) { sin(program($0.first, $0.second)).mean() }
      return (program(x, w), value, gradient)
    }
    let compiled = compile(step)
    let (a, b) = (compiled(x, w), step(x, w))
    expectClose(a.0.doubles, b.0.doubles, 1e-9)
    expectClose([a.1.item()], [b.1.item()], 1e-10)
    expectClose(a.2.first.doubles, b.2.first.doubles, 1e-9)
    expectClose(a.2.second.doubles, b.2.second.doubles, 1e-9)
  }
}
