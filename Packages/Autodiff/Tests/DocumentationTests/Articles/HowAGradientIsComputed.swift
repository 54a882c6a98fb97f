import Autodiff
import Testing

@Suite struct HowAGradientIsComputed {
  @Test func oneFunctionInBothModes() {
    let x = Tensor([0.5, 1.5], dtype: .float64)
    let y = sin(x) * x  // two vertices, no arithmetic yet
    let values = y.doubles  // now
    #expect(isClose(values, [0.2397127693021015, 1.4962424799060816]))

    let slope = grad(x) { (sin($0) * $0).sum() }

    let w = Tensor.ones(like: x)  // cotangent of x sin x: the sum passes on 1
    let toSine = w * x  // pullback of the product, to its left factor
    let toX = w * sin(x)  // and to its right factor
    let byHand = toSine * cos(x) + toX
    #expect(isClose(slope, byHand.doubles))
    #expect(isClose(slope, [0.9182168195493892, 1.1036007891056088]))

    let v = Tensor([1, -2], dtype: .float64)
    let along = jvp(x, along: v) { sin($0) * $0 }.tangent
    #expect(isClose(along, (slope * v).doubles))

    let weights = Tensor([0.3, 0.7], dtype: .float64)
    let forward = (weights * along).sum()
    let backward = (vjp(x) { sin($0) * $0 }.pullback(weights) * v).sum()
    #expect(isClose(forward, backward.doubles, 1e-15))

    let curvature = grad(x) { grad($0) { (sin($0) * $0).sum() }.sum() }
    #expect(isClose(curvature, (2 * cos(x) - x * sin(x)).doubles))

    let h = 1e-5
    let f = { (x: Tensor) in (sin(x) * x).sum() }
    let difference = (f(x + h * v) - f(x - h * v)) / (2 * h)
    let derivative = (grad(x, f) * v).sum()
    #expect(isClose(derivative, difference.doubles, 1e-9))
  }

  @Test func throughAForce() {
    let positions = Tensor.normal([64, 2], key: Key(seed: 1), dtype: .float64)
    let forces = -positions  // of the true potential, |q|² / 2

    let loss = { (stiffness: Tensor) in
      let learned = -grad(positions) { q in (0.5 * stiffness * square(q)).sum() }
      return square(learned - forces).mean()
    }
    let gradient = grad(Tensor([3, 1], dtype: .float64), loss)
    // The loss is the mean of ((k - 1) q)² over batch and coordinates, so the gradient is (k - 1) times the mean of q² over the batch.
    #expect(isClose(gradient, [2 * square(positions).mean(axis: 0)[0].item(), 0]))
  }

  @Test func compiledIsOneLoop() {
    let x = Tensor([0.5, 1.5], dtype: .float64)
    let slopes = { @Sendable (x: Tensor) -> Tensor in grad(x) { (sin($0) * $0).sum() } }
    print(program(of: slopes, for: x))
    #expect(program(of: slopes, for: x).instructionCount == 1)
  }

  @Test func throughALongLoop() {
    let steps = 10_000
    let decay = { (rate: Tensor) in
      loop(steps, from: Tensor(1, dtype: .float64)) { y, _ in y - rate * y * 1e-4 }
    }
    let sensitivity = grad(Tensor(0.5, dtype: .float64), decay)  // keeps 100 carries
    // d/dk (1 - k h)^n = -n h (1 - k h)^(n - 1), which tends to -exp(-k).
    #expect(isClose(sensitivity, [-0.6065534055443552], 1e-9))
  }
}
