import Autodiff
import Testing

/// What loops keep for reverse mode, and that gradients do not depend on it.
@Suite struct LoopStorageTests {
  static let start = Tensor([0.4, -0.3, 1.1])

  static func end(_ x: Tensor, steps: Int, storingEvery: Int?) -> Tensor {
    loop(steps, from: start, storingEvery: storingEvery) { state, index in
      state + 0.1 * sin(x * state + 0.01 * index.cast(to: .float64))
    }
  }

  @Test(arguments: [1, 2, 3, 7, 10, 25])
  func gradientsDoNotDependOnIt(_ segment: Int) {
    let x = Tensor([0.7, 1.3, -0.2])
    let gradient = { (segment: Int?) in
      valueAndGrad(x) { x in
        let end = Self.end(x, steps: 10, storingEvery: segment)
        return (end * end).sum()
      }
    }
    let (value, slope) = gradient(segment)
    let (expectedValue, expectedSlope) = gradient(nil)
    #expect(value.item() == expectedValue.item())
    #expect(zip(slope.doubles, expectedSlope.doubles).allSatisfy { abs($0 - $1) < 1e-14 })
    #expect(slope.doubles.allSatisfy { abs($0) > 1e-3 })
  }

  @Test func withoutStoredStatesMemoryIsFlat() {
    let bytes = [10, 1_000, 100_000].map { steps in
      let body: @Sendable (Tensor) -> Tensor = { Self.end($0, steps: steps, storingEvery: steps) }
      return program(of: body, for: Self.start).memoryByteCount
    }
    #expect(bytes[0] == bytes[1] && bytes[1] == bytes[2] && bytes[0] > 0)
    let stored: @Sendable (Tensor) -> Tensor = { Self.end($0, steps: 1_000, storingEvery: 1) }
    #expect(program(of: stored, for: Self.start).memoryByteCount > bytes[1] + 20_000)
  }
}
