import Autodiff
import Testing

@inline(never) func normalized(_ x: Tensor) -> Tensor {
  let scale = x.max().item()  // reads
  return x / scale
}

@Suite(.serialized) struct SharpEdges {
  @Test func dtypesAndTraces() {
    let x = Tensor([0.1, 0.2], dtype: .float64)
    let fine = 0.5 * x + 1
    let also = x + Tensor(1, dtype: .float64)  // Tensor(1) is float32 and would trap
    let low = x.cast(to: .float32)
    #expect([fine, also].map(\.dtype) == [.float64, .float64])
    #expect(low.dtype == .float32)
    #expect(Tensor([0.1, 0.2]).dtype == .float64)

    let relu = compile { (x: Tensor) in Tensor.where(x .> 0, x, .zeros(like: x)) }
    let power = compile { (x: Tensor) -> Tensor in loop(100, from: x) { y, _ in y * x } }
    #expect(isClose(relu(x - 0.15), [0, 0.05]))
    #expect(isClose(power(10 * x), [1, Double(sign: .plus, exponent: 101, significand: 1)]))

    let key = Key(seed: 1)
    let frozen = compile { (x: Tensor) in
      x + Tensor.normal([2], key: key, dtype: .float64)
    }
    let fresh = compile { (x: Tensor, step: Tensor) in
      x + Tensor.normal([2], key: key.folded(step), dtype: .float64)
    }
    let same = [frozen(x), frozen(x)]
    let different = [fresh(x, Tensor([0] as [Int32])), fresh(x, Tensor([1] as [Int32]))]
    #expect(same[0].doubles == same[1].doubles)
    #expect(different[0].doubles != different[1].doubles)

    let energy = compile { (x: Tensor) -> (Tensor, Tensor) in
      let (value, gradient) = valueAndGrad(x) { square($0).sum() }
      return (value, gradient)
    }
    let (value, gradient) = energy(x)
    #expect(isClose(value, [0.05]))
    #expect(isClose(gradient, [0.2, 0.4]))

    let half = grad(x) { (y: Tensor) in (y * x).sum() }  // x, not 2x
    let whole = grad(x) { (y: Tensor) in (y * y).sum() }
    #expect(isClose(half, x.doubles))
    #expect(isClose(whole, (2 * x).doubles))
  }

  @Test func mixingDtypesTraps() async {
    await #expect(processExitsWith: .failure) { _ = Tensor([0.1, 0.2], dtype: .float64) + Tensor(1) }
  }

  @Test func readingWhileTracingTraps() async {
    let exit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let compiled = compile { (x: Tensor) in normalized(x) }
      _ = compiled(Tensor([0.1, 0.2], dtype: .float64))
    }
    let message = String(decoding: exit?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("read while its function was being compiled"))
    #expect(message.contains("SharpEdges.swift:5"))
    let x = Tensor([0.1, 0.2], dtype: .float64)
    let scaled = compile { (x: Tensor) in x / x.max() }
    #expect(isClose(scaled(x), [0.5, 1]))
  }

  @Test func donation() {
    let advance = compile(donating: true) { (x: Tensor) in x * 0.5 }
    var position = Tensor([1, 2], dtype: .float64)
    for _ in 0..<3 { position = advance(position) }
    #expect(position.doubles == [0.125, 0.25])
  }

  @Test func keys() {
    let keys = Key(seed: 3).split()
    let weights = Tensor.normal([4], key: keys[0])
    let noise = Tensor.normal([4], key: keys[1])
    #expect(weights.doubles != noise.doubles)
    #expect(weights.doubles == Tensor.normal([4], key: keys[0]).doubles)
  }

  @Test func whereAndNaN() {
    let points = Tensor([0, 4], dtype: .float64)
    let bad = grad(points) { x in Tensor.where(x .> 0, sqrt(x), 0 * x).sum() }
    let good = grad(points) { x in
      let safe = Tensor.where(x .> 0, x, .ones(like: x))
      return Tensor.where(x .> 0, sqrt(safe), 0 * x).sum()
    }
    #expect(bad[0].item().isNaN)
    #expect(bad[1].item() == 0.25)
    #expect(good.doubles == [0, 0.25])
  }

  @Test func slopesWhereThereIsNone() {
    let tied = grad(Tensor([2, 1, 2], dtype: .float64)) { $0.max() }
    let zero = Tensor(0, dtype: .float64)
    let corner = grad(zero) { maximum($0, zero) }
    #expect(tied.doubles == [0.5, 0, 0.5])
    #expect(corner.item() == 0.5)
    #expect(grad(zero) { abs($0) }.item() == 0)
    #expect(grad(zero) { relu($0) }.item() == 0)
    #expect(grad(zero) { sign($0) }.item() == 0)
    #expect(grad(zero) { clamp($0, 0, 1) }.item() == 0.5)
    #expect(grad(zero) { floor($0) + round($0) + ceil($0) }.item() == 0)
  }

  @Test func failuresAreNaN() {
    let indefinite = Tensor([1, 2, 2, 1], shape: [2, 2], dtype: .float64)
    let failed = isFinite(indefinite.cholesky().sum()).scalars(Bool.self) == [false]
    let pivot: Int?
    do {
      _ = try indefinite.choleskyFactor()  // reads, so not inside of compile
      pivot = nil
    } catch {
      pivot = error.pivot
    }
    #expect(pivot == 1)
    #expect(failed)
  }

  @Test func sameBitsForAnyNumberOfThreads() {
    let rows = Tensor.normal([1000, 8], key: Key(seed: 5))
    let moment = compile { (x: Tensor) in exp(x).mean(axis: 0) }
    let every = Execution.threadCount
    Execution.threadCount = 1
    let alone = moment(rows).scalars(Float.self)
    Execution.threadCount = 8
    let together = moment(rows).scalars(Float.self)
    Execution.threadCount = every
    #expect(alone == together)
  }
}
