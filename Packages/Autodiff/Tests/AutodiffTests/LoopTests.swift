import Autodiff
import Testing

/// Rolled loops against the same steps written out.
@Suite struct LoopTests {
  struct Problem: Sendable {
    let length: Int
    let reverse: Bool
    let x: Tensor
    let start: Tensor
    let w: Tensor

    init(length: Int, reverse: Bool) {
      self.length = length
      self.reverse = reverse
      let keys = Key(seed: UInt64(length)).split(3)
      x = .normal([length, 3], key: keys[0], dtype: .float64)
      start = .normal([2, 3], key: keys[1], dtype: .float64)
      w = .normal([3, 3], key: keys[2], dtype: .float64) * 0.5
    }

    static func step(_ carry: Tensor, _ x: Tensor, _ w: Tensor) -> (Tensor, Tensor) {
      let next = tanh(carry.matmul(w) + x)
      return (next, (next * carry).sum(axis: 1))
    }

    func rolled(_ x: Tensor, _ start: Tensor, _ w: Tensor) -> [Tensor] {
      let result = scan(start, over: x, reverse: reverse) { carry, x in Problem.step(carry, x, w) }
      return [result.carry, result.outputs]
    }

    func written(_ x: Tensor, _ start: Tensor, _ w: Tensor) -> [Tensor] {
      var carry = start
      var outputs = [Tensor](repeating: .zeros([2], dtype: .float64), count: length)
      for index in reverse ? Array((0..<length).reversed()) : Array(0..<length) {
        (carry, outputs[index]) = Problem.step(carry, x[index], w)
      }
      return [carry, .stacked(outputs)]
    }

    static func loss(_ results: [Tensor]) -> Tensor { sin(results[0]).sum() + square(results[1]).sum() }
  }

  static let problems: [(Int, Bool)] = [(1, false), (2, true), (4, false), (7, false), (9, true), (17, true)]

  @Test(arguments: problems) func equalsTheStepsWrittenOut(_ length: Int, _ reverse: Bool) {
    let p = Problem(length: length, reverse: reverse)
    let rolled: @Sendable ([Tensor]) -> [Tensor] = { p.rolled($0[0], $0[1], $0[2]) }
    let written: @Sendable ([Tensor]) -> [Tensor] = { p.written($0[0], $0[1], $0[2]) }
    let inputs = [p.x, p.start, p.w]
    let directions = inputs.enumerated().map { Tensor.normal($1.shape, key: Key(seed: 9).folded($0), dtype: .float64) }
    expectEqual(rolled(inputs), written(inputs), 1e-13)
    expectEqual(jvp(inputs, along: directions, rolled).tangent, jvp(inputs, along: directions, written).tangent, 1e-12)
    let gradient: @Sendable ([Tensor]) -> [Tensor] = { grad($0) { Problem.loss(rolled($0)) } }
    let reference: @Sendable ([Tensor]) -> [Tensor] = { grad($0) { Problem.loss(written($0)) } }
    expectEqual(gradient(inputs), reference(inputs), 1e-12)
    let compiled = compile(gradient)
    expectEqual(compiled(inputs), reference(inputs), 1e-12)
    // Second order, forward over reverse and reverse over reverse.
    expectEqual(jvp(inputs, along: directions, gradient).tangent, jvp(inputs, along: directions, reference).tangent, 1e-11)
    let twice: ([Tensor]) -> [Tensor] = { x in
      grad(x) { x in zip(gradient(x), directions).map { ($0 * $1).sum() }.reduce(Tensor(0, dtype: .float64), +) }
    }
    expectEqual(twice(inputs), jvp(inputs, along: directions, reference).tangent, 1e-11)
  }

  @Test func mapsOverExamples() {
    let p = Problem(length: 5, reverse: false)
    let starts = Tensor.normal([4, 2, 3], key: Key(seed: 8), dtype: .float64)
    let gradient: (Tensor) -> Tensor = { start in grad(start) { Problem.loss(p.rolled(p.x, $0, p.w)) } }
    let looped = Tensor.stacked((0..<4).map { gradient(starts[$0]) })
    expectClose(vmap(starts, gradient).doubles, looped.doubles, 1e-12)
  }

  @Test func countedLoopWithIndexAndKey() {
    let total = loop(10, from: Tensor(0, dtype: .float64)) { sum, index in sum + index.cast(to: .float64) }
    #expect(total.item() == 45)
    #expect(loop(0, from: Tensor(3, dtype: .float64)) { x, _ in x * 2.0 }.item() == 3)
    // A random walk: keys are carried along, and the numbers are those of the steps written out.
    let walk = loop(4, from: Pair(Key(seed: 1), Tensor.zeros([3]))) { state, _ in
      let keys = state.first.split(2)
      return Pair(keys[0], state.second + Tensor.normal([3], key: keys[1]))
    }
    var (key, position) = (Key(seed: 1), Tensor.zeros([3]))
    for _ in 0..<4 {
      let keys = key.split(2)
      (key, position) = (keys[0], position + Tensor.normal([3], key: keys[1]))
    }
    #expect(walk.second.scalars(Float.self) == position.scalars(Float.self))
  }

  @Test func programsStayShortAndMemoryGrowsWithTheRoot() {
    func measured(_ length: Int) -> (instructions: Int, bytes: Int) {
      let program = program(
        of: { (x: Tensor) -> Tensor in grad(x) { loop(length, from: $0) { x, _ in sin(x) * 1.01 }.sum() } }, for: Tensor.ones([1000]))
      return (program.instructionCount, program.memoryByteCount)
    }
    let (short, long) = (measured(100), measured(10_000))
    #expect(short.instructions == long.instructions)
    // sqrt(10_000 / 100) = 10; keeping every step would be 100 times.
    #expect(long.bytes < 12 * short.bytes)
    #expect(long.bytes < 4 * 100 * 4_000 * 2)
  }

  @Test func changingShapesTrap() async {
    let exit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = loop(3, from: Tensor.zeros([2])) { x, _ in Tensor.concatenated([x, x], axis: 0) }
    }
    let message = String(decoding: exit?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("float32[2] before a step and float32[4] after it"))
  }
}

func expectEqual(_ a: [Tensor], _ b: [Tensor], _ tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(a.map(\.shape) == b.map(\.shape), sourceLocation: sourceLocation)
  for (x, y) in zip(a, b) { expectClose(x.doubles, y.doubles, tolerance, sourceLocation: sourceLocation) }
}
