import Autodiff
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The eccentric anomaly E from the mean anomaly M and the eccentricity e, of one shape.
struct KeplerEquation: Primitive {
  var name: String { "kepler" }

  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[0] }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let count = output.count
    switch output.dtype {
    case .float64: return Kernel { solve(count, $0, Double.self) }
    default: return Kernel { solve(count, $0, Float.self) }
    }
  }

  func pushforward(
    inputs: [Tensor], output: Tensor, tangents: [Tensor?]
  ) -> Tensor? {
    let moves = [tangents[0], tangents[1].map { $0 * sin(output) }].compactMap { $0 }
    guard let first = moves.first else { return nil }
    return moves.dropFirst().reduce(first, +) * slope(inputs, output)
  }

  func pullback(
    inputs: [Tensor], output: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let toMean = cotangent * slope(inputs, output)
    return [toMean, toMean * sin(output)]
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    .apply(self, inputs.mapped(isMapped, count))
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] {
    output.rank == 0 ? [] : [.rows([true, true])]
  }

  /// dE/dM = 1 / (1 - e cos E)
  private func slope(_ inputs: [Tensor], _ output: Tensor) -> Tensor {
    1 / (1 - inputs[1] * cos(output))
  }
}

func solve<Scalar: BinaryFloatingPoint>(
  _ count: Int, _ memory: KernelArguments, _: Scalar.Type
) {
  let mean = memory.pointer(0).assumingMemoryBound(to: Scalar.self)
  let eccentricity = memory.pointer(1).assumingMemoryBound(to: Scalar.self)
  let result = memory.pointer(2).assumingMemoryBound(to: Scalar.self)
  for i in 0..<count {
    result[i] = Scalar(eccentricAnomaly(Double(mean[i]), Double(eccentricity[i])))
  }
}

/// Newton's method from the start of Danby and Burkardt (1983).
func eccentricAnomaly(_ mean: Double, _ e: Double) -> Double {
  let sine = sin(mean)
  var anomaly = mean + (sine == 0 ? 0 : sine > 0 ? 0.85 : -0.85) * e
  for _ in 0..<50 {
    let step = (anomaly - e * sin(anomaly) - mean) / (1 - e * cos(anomaly))
    anomaly -= step
    if abs(step) <= 1e-15 * max(1, abs(anomaly)) { break }
  }
  return anomaly
}

/// The eccentric anomaly (radians), of the shape of `mean`; `eccentricity` broadcasts.
func eccentricAnomaly(_ mean: Tensor, eccentricity: Tensor) -> Tensor {
  require(
    mean.dtype == eccentricity.dtype && mean.dtype.isFloatingPoint,
    "eccentricAnomaly: \(mean.dtype), \(eccentricity.dtype); give two of one floating dtype")
  return .apply(KeplerEquation(), [mean, eccentricity.broadcast(to: mean.shape)])
}

typealias Function = @Sendable ([Tensor]) -> Tensor

func violations(_ f: @escaping Function, at x: [Tensor]) -> [String: Double] {
  func distance(_ a: Tensor, _ b: Tensor) -> Double { abs(a - b).max().item() }
  func inner(_ a: [Tensor], _ b: [Tensor]) -> Tensor {
    Tensor.stacked(zip(a, b).map { ($0 * $1).sum() }).sum()
  }
  let v = x.enumerated().map { index, tensor in
    Tensor.normal(tensor.shape, key: Key(seed: 1).folded(index), dtype: .float64)
  }
  let (value, tangent) = jvp(x, along: v) { f($0) }
  let w = Tensor.normal(value.shape, key: Key(seed: 2), dtype: .float64)

  // The pushforward against a central difference.
  let moved = { (h: Double) in f(zip(x, v).map { $0 + h * $1 }) }
  let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5

  // The pullback against the pushforward: w · (J v) = (Jᵀ w) · v.
  let pulled = vjp(x) { f($0) }.pullback(w)
  let transposed = inner(pulled, v)

  // The Hessian of Σ w f is symmetric: both modes over reverse mode give one vector.
  let gradient: @Sendable ([Tensor]) -> [Tensor] = { grad($0) { (w * f($0)).sum() } }
  let forward = jvp(x, along: v, gradient).tangent
  let reverse = grad(x) { inner(gradient($0), v) }

  // vmap against one example after another, and compiled against not compiled.
  let examples = x.map { Tensor.stacked([$0, 0.9 * $0, 0.8 * $0]) }
  let each = (0..<3).map { example in f(examples.map { $0[example] }) }
  let compiled = compile { (x: [Tensor]) -> [Tensor] in gradient(x) }

  return [
    "finite difference": distance(tangent, slope),
    "adjoint": distance((w * tangent).sum(), transposed),
    "second order": zip(forward, reverse).map(distance).max()!,
    "vmap": distance(vmap(examples) { f($0) }, .stacked(each)),
    "compiled": zip(compiled(x), gradient(x)).map(distance).max()!,
  ]
}

@Suite struct YourOwnPrimitive {
  @Test func obeysTheLaws() {
    let mean = Tensor.uniform([300, 4], key: Key(seed: 3), dtype: .float64) * 20 - 10
    let eccentricity = Tensor.uniform([300, 4], key: Key(seed: 4), dtype: .float64) * 0.8
    let kepler: Function = { eccentricAnomaly($0[0], eccentricity: $0[1]) }
    let found = violations(kepler, at: [mean, eccentricity])
    #expect(found.count == 5)
    for (law, violation) in found { #expect(violation < (law == "finite difference" ? 1e-7 : 1e-10), "\(law): \(violation)") }

    let anomaly = eccentricAnomaly(mean, eccentricity: eccentricity)
    let residual = anomaly - eccentricity * sin(anomaly) - mean
    #expect(abs(residual).max().item() < 1e-13)
  }

  @Test func solvesInFloat32Too() {
    let mean = Tensor([0, 1, -3, 7] as [Float])
    let anomaly = eccentricAnomaly(mean, eccentricity: Tensor(0.3))
    #expect(isClose(anomaly - 0.3 * sin(anomaly), mean.doubles, 1e-6))
  }

  @Test func fitsAnOrbit() {
    /// Eccentricity, argument of the periapsis (radians), amplitude (m/s).
    @Sendable func velocity(_ orbit: Tensor, _ mean: Tensor) -> Tensor {
      let (e, periapsis, amplitude) = (orbit[0], orbit[1], orbit[2])
      let anomaly = eccentricAnomaly(mean, eccentricity: e)
      let (y, x) = (sqrt(1 + e) * sin(anomaly / 2), sqrt(1 - e) * cos(anomaly / 2))
      let trueAnomaly = 2 * atan2(y: y, x: x)
      return amplitude * (cos(trueAnomaly + periapsis) + e * cos(periapsis))
    }

    let phases = Tensor.iota([40], dtype: .float64) * 0.157
    let truth = Tensor([0.4, 0.7, 55], dtype: .float64)
    let measured = velocity(truth, phases)

    let step = compile { (orbit: Tensor) -> Tensor in
      // J [40, 3]: one gradient for each measurement.
      let misfit = vmap(phases) { phase in grad(orbit) { velocity($0, phase) } }
      let residual = velocity(orbit, phases) - measured
      // Gauss and Newton: JᵀJ δ = Jᵀ r.
      let factor = misfit.transposed().matmul(misfit).cholesky()
      let right = misfit.transposed().matmul(residual.expanded(axis: 1))
      let half = factor.triangularSolve(right)
      let change = factor.triangularSolve(half, transposed: true)
      return orbit - change.squeezed(axis: 1)
    }
    var orbit = Tensor([0.3, 0.5, 50], dtype: .float64)
    for _ in 0..<8 { orbit = step(orbit) }
    #expect(isClose(orbit, truth.doubles))
  }

  @Test func mixedDtypesTrap() async {
    let exit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = eccentricAnomaly(Tensor(0), eccentricity: Tensor(0, dtype: .float64))
    }
    let message = String(decoding: exit?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("give two of one floating dtype"))
  }
}
