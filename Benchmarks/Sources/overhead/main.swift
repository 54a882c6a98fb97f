import Autodiff

// What an operation costs beyond its arithmetic: one JSON object of nanoseconds, best of several.

func nanoseconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) * 1e9 + Double(duration.components.attoseconds) * 1e-9
}

func best(of count: Int, _ body: () -> Void) -> Double {
  var best = Double.infinity
  for _ in 0..<15 { best = min(best, nanoseconds(ContinuousClock().measure(body)) / Double(count)) }
  return best
}

func evaluate(_ x: Tensor) { x.withUnsafeBytes { _ in } }

/// Nanoseconds of one more instruction in a program of operations that do not fuse.
func instruction(_ start: Tensor, _ operation: @escaping @Sendable (Tensor) -> Tensor) -> Double {
  let times = [100, 1100].map { count in
    let program = compile { (x: Tensor) -> Tensor in (0..<count).reduce(x) { x, _ in operation(x) } }
    evaluate(program(start))
    return best(of: 1) { evaluate(program(start)) }
  }
  return (times[1] - times[0]) / 1000
}

Execution.threadCount = 1
let x = Tensor([Float](repeating: 1, count: 16))
let y = Tensor([Float](repeating: 0.5, count: 16))
let square = Tensor([Float](repeating: 0.1, count: 16), shape: [4, 4])
for tensor in [x, y, square] { evaluate(tensor) }

let rows: [(String, Double)] = [
  ("uncompiled add, chain of 1000, read at its end", best(of: 1000) { evaluate((0..<1000).reduce(x) { z, _ in z + y }) }),
  ("uncompiled tanh, chain of 1000, read at its end", best(of: 1000) { evaluate((0..<1000).reduce(x) { z, _ in tanh(z) }) }),
  ("uncompiled multiplication by a number, each read", best(of: 1000) { for _ in 0..<1000 { evaluate(x * 0.5) } }),
  ("uncompiled sum, each read", best(of: 1000) { for _ in 0..<1000 { evaluate(x.sum()) } }),
  ("uncompiled 4x4 product, each read", best(of: 1000) { for _ in 0..<1000 { evaluate(square.matmul(square)) } }),
  ("uncompiled transpose, each read", best(of: 1000) { for _ in 0..<1000 { evaluate(square.transposed()) } }),
  ("instruction: cumulative sum of 16", instruction(x) { $0.cumulativeSum(axis: 0) }),
  ("instruction: 4x4 product", instruction(square) { $0.matmul($0) }),
]
print("{" + rows.map { "\"\($0.0)\": \(Int($0.1.rounded()))" }.joined(separator: ", ") + "}")
