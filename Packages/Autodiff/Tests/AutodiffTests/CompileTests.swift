import Autodiff
import CAllocationCounter
import Testing

/// A two-layer energy whose force is trained: second derivatives, weight reuse, batch sums.
struct SmallEnergy: Module {
  var w: Tensor
  var b: Tensor
  var v: Tensor

  init(width: Int, dtype: DType) {
    let keys = Key(seed: 5).split(2)
    w = Tensor.normal([2, width], key: keys[0], dtype: dtype)
    b = .zeros([width], dtype: dtype)
    v = Tensor.normal([width, 1], key: keys[1], dtype: dtype) * 0.3
  }

  mutating func walk(_ walker: inout some Walker) {
    walker.parameter("w", &w)
    walker.parameter("b", &b)
    walker.parameter("v", &v)
  }

  func force(_ x: Tensor) -> Tensor { -grad(x) { softplus($0.matmul(w) + b).matmul(v).sum() } }

  func loss(_ x: Tensor) -> Tensor {
    var (q, p) = (x, force(x))
    for _ in 0..<3 {
      q = q + 0.1 * p
      p = p + 0.1 * force(q)
    }
    return (square(q) + square(p)).mean()
  }

  static func step(_ model: SmallEnergy, _ x: Tensor) -> (SmallEnergy, Tensor) {
    let (loss, gradient) = valueAndGrad(model) { $0.loss(x) }
    return (model.zipParameters(gradient) { $0 - 0.1 * $1 }, loss)
  }
}

@Suite(.serialized) struct CompileTests {
  @Test func sameBitsForAnyNumberOfThreads() {
    let x = Tensor.normal([700, 2], key: Key(seed: 2))
    var bits: [[Float]] = []
    let before = Execution.threadCount
    for threads in [1, 2, 3, 8] {
      Execution.threadCount = threads
      let step = compile(donating: true) { (model: SmallEnergy, x: Tensor) in SmallEnergy.step(model, x) }
      var model = SmallEnergy(width: 64, dtype: .float32)
      for _ in 0..<5 { model = step(model, x).0 }
      bits.append(model.tensors().flatMap { $0.scalars(Float.self) })
    }
    Execution.threadCount = before
    #expect(bits.allSatisfy { $0 == bits[0] })
    #expect(bits[0].allSatisfy { $0.isFinite })
  }

  /// Large products and loops outside of shards run in blocks of rows.
  @Test func largeWorkOutsideOfShardsHasTheSameBits() {
    let keys = Key(seed: 4).split(3)
    let (x, w) = (Tensor.normal([256, 700], key: keys[0]), Tensor.normal([700, 515], key: keys[1]) * 0.05)
    let body: @Sendable (Tensor, Tensor) -> (Tensor, Tensor) = { x, w in
      let (value, gradient) = valueAndGrad(w) { tanh(x.matmul($0)).sum() }
      return (w - 0.1 * gradient * exp(-w), value)
    }
    let listing = program(of: body, for: x, w)
    #expect(listing.description.contains("blocks of"))
    let (expected, total) = body(x.cast(to: .float64), w.cast(to: .float64))
    var bits: [[Float]] = []
    let before = Execution.threadCount
    for threads in [1, 2, 3, 8] {
      Execution.threadCount = threads
      let step = compile(body)
      let (next, value) = step(x, w)
      bits.append(next.scalars(Float.self))
      expectClose([value.item()], [total.item()], 1e-3)
    }
    Execution.threadCount = before
    #expect(bits.allSatisfy { $0 == bits[0] })
    expectClose(bits[0].map(Double.init), expected.doubles, 3e-5)
  }

  @Test func randomNumbersInsideAProgramAreThoseOutside() {
    let draw: @Sendable (Key) -> Tensor = { key in
      let keys = key.split(2)
      return Tensor.normal([600, 3], key: keys[0], dtype: .float64) * Tensor.uniform([600, 1], key: keys[1], dtype: .float64)
    }
    let compiled = compile { (key: Key) in draw(key) * 1.0 }
    let key = Key(seed: 11)
    #expect(compiled(key).doubles == draw(key).doubles)
  }

  @Test func capturedTensorsAndUnusedArguments() {
    let captured = exp(Tensor([1, 2] as [Double]))
    let compiled = compile { (x: Tensor, _: Tensor) in (x + captured, captured, x) }
    let result = compiled(Tensor([1, 1] as [Double]), Tensor(0))
    expectClose(result.0.doubles, captured.doubles.map { $0 + 1 })
    #expect(result.1.doubles == captured.doubles)
    #expect(result.2.doubles == [1, 1])
  }

  @Test func aCopyInItsOwnMemoryOutlivesADonation() {
    let step = compile(donating: true) { (pair: Pair<Tensor, Tensor>) in Pair(pair.first + 1.0, pair.second * 2.0) }
    let state = Pair(Tensor([1.0, 2.0]) + 0.5, Tensor([3.0]))
    let kept = state.inOwnMemory()
    #expect(step(state).first.doubles == [2.5, 3.5])
    #expect(kept.first.doubles == [1.5, 2.5] && kept.second.doubles == [3])
  }

  @Test func donationKeepsWhatOthersStillNeed() {
    let start = Tensor([1, 2, 3] as [Double]) + 0.0
    let step = compile(donating: true) { (pair: Pair<Tensor, Tensor>, x: Tensor) in
      Pair(pair.first + x, pair.second * 2 + start)
    }
    // Both halves share one memory, and the program keeps it as a constant too.
    let one = step(Pair(start, start), Tensor([1, 1, 1] as [Double]))
    #expect(one.first.doubles == [2, 3, 4])
    #expect(one.second.doubles == [3, 6, 9])
    let two = step(one, Tensor([1, 1, 1] as [Double]))
    #expect(two.first.doubles == [3, 4, 5])
    #expect(two.second.doubles == [7, 14, 21])
    #expect(start.doubles == [1, 2, 3])
  }

  @Test func readingADonatedTensorTraps() async {
    await #expect(processExitsWith: .failure) {
      let step = compile(donating: true) { (x: Tensor) in x + 1.0 }
      let x = Tensor([1, 2, 3] as [Double])
      _ = step(x)
      _ = x.doubles
    }
  }

  @Test func readingAValueWhileTracingTraps() async {
    await #expect(processExitsWith: .failure) {
      let step = compile { (x: Tensor) in x * x.item() }
      _ = step(Tensor(2, dtype: .float64))
    }
  }

  @Test func tracingTooOftenTraps() async {
    await #expect(processExitsWith: .failure) {
      let step = compile(maximumTraces: 2) { (x: Tensor) in x + 1.0 }
      for n in 1...3 { _ = step(Tensor.zeros([n])) }
    }
  }

  @Test func compiledFunctionsNestInTransforms() {
    let cube = compile { (x: Tensor) in x * square(x) }
    let x = Tensor(2, dtype: .float64)
    #expect(grad(x) { x in grad(x) { cube($0) } }.item() == 12)
    let slope = compile { (x: Tensor) -> Tensor in grad(x) { cube($0) } }
    #expect(slope(x).item() == 12)
  }

  @Test func aLongChainIsReleasedWithoutRecursion() {
    var x = Tensor(0, dtype: .float64)
    for _ in 0..<300_000 { x = x + 1.0 }
    #expect(x.item() == 300_000)
  }

  @Test func historyIsDroppedOnceValuesAreKnown() {
    // A training loop without compile must not keep every earlier step alive.
    var model = SmallEnergy(width: 4, dtype: .float64)
    let x = Tensor.normal([8, 2], key: Key(seed: 3), dtype: .float64)
    for _ in 0..<200 {
      let (next, loss) = SmallEnergy.step(model, x)
      _ = loss.item()
      model = next
      model = model.mapTensors { tensor in
        _ = tensor.doubles
        return tensor
      }
    }
    #expect(model.w.doubles.allSatisfy { $0.isFinite })
  }

  /// Counted by an allocator in front of the system's, on one thread: the calls of a long program and of a short one.
  @Test(.enabled(if: allocation_counter_is_available())) func aRunAllocatesNothingButItsResults() {
    let before = Execution.threadCount
    Execution.threadCount = 1
    defer { Execution.threadCount = before }
    let x = Tensor.normal([512, 2], key: Key(seed: 2))
    let (short, long) = (allocations(updates: 1, x), allocations(updates: 8, x))
    #expect(short == long)
    // Four results: a node and a storage each, and memory for the one that replaces nothing.
    #expect(short <= 9)
  }

  private func allocations(updates: Int, _ x: Tensor) -> Int {
    let step = compile(donating: true) { (model: SmallEnergy, x: Tensor) -> (SmallEnergy, Tensor) in
      var (next, loss) = SmallEnergy.step(model, x)
      for _ in 1..<updates + 1 { (next, loss) = SmallEnergy.step(next, x) }
      return (next, loss)
    }
    var model = SmallEnergy(width: 32, dtype: .float32)
    for _ in 0..<3 { model = step(model, x).0 }
    allocation_counter_start()
    for _ in 0..<10 { model = step(model, x).0 }
    return allocation_counter_stop() / 10
  }
}
