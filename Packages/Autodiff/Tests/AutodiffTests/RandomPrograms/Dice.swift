/// A small deterministic generator for choosing programs (a linear congruence whose high bits are used).
struct Dice: Sendable {
  private var state: UInt64

  init(_ seed: UInt64) {
    state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 0x1234_5678_9abc_def1
    for _ in 0..<3 { _ = next() }
  }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33 ^ state >> 12
  }

  /// One of 0, ..., sides - 1.
  mutating func roll(_ sides: Int) -> Int { Int((next() >> 8) % UInt64(sides)) }

  mutating func chance(_ percent: Int) -> Bool { roll(100) < percent }

  mutating func choose<T>(_ items: [T]) -> T { items[roll(items.count)] }
}
