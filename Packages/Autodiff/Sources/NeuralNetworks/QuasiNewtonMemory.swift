import Autodiff

/// Pairs `s = x' - x`, `y = g' - g` that stand for an approximation of the inverse Hessian (Nocedal and Wright 2006, 7.2).
struct QuasiNewtonMemory {
  private let capacity: Int
  private let dimension: Int
  private var pairs: [(s: [Double], y: [Double])]

  init(_ state: LBFGSState) {
    (capacity, dimension) = (state.steps.shape[0], state.steps.shape[1])
    let (s, y, d) = (state.steps.doubles, state.changes.doubles, dimension)
    pairs = (0..<Int(state.count.item())).map { (Array(s[$0 * d..<($0 + 1) * d]), Array(y[$0 * d..<($0 + 1) * d])) }
  }

  func state(step: Int) -> LBFGSState {
    var state = LBFGSState(historySize: capacity, parameterCount: dimension)
    let padding = [Double](repeating: 0, count: (capacity - pairs.count) * dimension)
    state.steps = Tensor(pairs.flatMap(\.s) + padding, shape: state.steps.shape)
    state.changes = Tensor(pairs.flatMap(\.y) + padding, shape: state.steps.shape)
    state.count = Tensor([Int32(pairs.count)], shape: [])
    state.step = Tensor([Int32(step)], shape: [])
    return state
  }

  /// Keeps the pair if the curvature along it is positive, as the approximation needs.
  mutating func remember(step s: [Double], change y: [Double]) {
    guard dot(y, s) > 1e-10 else { return }
    if pairs.count == capacity { pairs.removeFirst() }
    pairs.append((s, y))
  }

  /// `-H g` by the two-loop recursion (Nocedal and Wright 2006, algorithm 7.4).
  func descentDirection(_ gradient: [Double]) -> [Double] {
    var q = gradient.map { -$0 }
    guard let newest = pairs.last else { return q }
    var alpha = [Double](repeating: 0, count: pairs.count)
    for i in pairs.indices.reversed() {
      alpha[i] = dot(pairs[i].s, q) / dot(pairs[i].y, pairs[i].s)
      q = moved(q, along: pairs[i].y, -alpha[i])
    }
    let scale = dot(newest.y, newest.s) / dot(newest.y, newest.y)
    var r = q.map { scale * $0 }
    for i in pairs.indices {
      let beta = dot(pairs[i].y, r) / dot(pairs[i].y, pairs[i].s)
      r = moved(r, along: pairs[i].s, alpha[i] - beta)
    }
    return r
  }
}

func dot(_ a: [Double], _ b: [Double]) -> Double {
  var total = 0.0
  for i in a.indices { total += a[i] * b[i] }
  return total
}

/// `x + t d`
func moved(_ x: [Double], along d: [Double], _ t: Double) -> [Double] { x.indices.map { x[$0] + t * d[$0] } }

func difference(_ a: [Double], _ b: [Double]) -> [Double] { a.indices.map { a[$0] - b[$0] } }

func largestMagnitude(_ x: [Double]) -> Double { x.reduce(0) { max($0, $1.magnitude) } }
