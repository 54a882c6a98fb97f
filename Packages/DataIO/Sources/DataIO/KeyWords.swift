/// A key of the Threefry-2x32 generator: two 32-bit words.
public struct KeyWords: Sendable, Hashable {
  public var first: UInt32
  public var second: UInt32

  public init(_ first: UInt32, _ second: UInt32) {
    self.first = first
    self.second = second
  }

  /// The key of a seed: its high word, then its low word.
  public init(seed: UInt64) { self.init(UInt32(truncatingIfNeeded: seed >> 32), UInt32(truncatingIfNeeded: seed)) }

  /// The two words the generator gives at `counter`; Salmon et al. (2011), Threefry-2x32 with 20 rounds.
  public func block(_ counter: UInt64) -> KeyWords {
    let (k0, k1, k2) = (first, second, 0x1BD1_1BDA ^ first ^ second)
    var x = UInt32(truncatingIfNeeded: counter >> 32) &+ k0
    var y = UInt32(truncatingIfNeeded: counter) &+ k1
    func mix(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ addX: UInt32, _ addY: UInt32) {
      x &+= y
      y = (y &<< a | y &>> (32 &- a)) ^ x
      x &+= y
      y = (y &<< b | y &>> (32 &- b)) ^ x
      x &+= y
      y = (y &<< c | y &>> (32 &- c)) ^ x
      x &+= y
      y = (y &<< d | y &>> (32 &- d)) ^ x
      x &+= addX
      y &+= addY
    }
    mix(13, 15, 26, 6, k1, k2 &+ 1)
    mix(17, 29, 16, 24, k2, k0 &+ 2)
    mix(13, 15, 26, 6, k0, k1 &+ 3)
    mix(17, 29, 16, 24, k1, k2 &+ 4)
    mix(13, 15, 26, 6, k2, k0 &+ 5)
    return KeyWords(x, y)
  }
}
