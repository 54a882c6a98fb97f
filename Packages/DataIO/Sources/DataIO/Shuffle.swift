/// The order of rows in an epoch, a function of the key and the epoch alone. See FORMAT.md, section 3.5.
public enum Shuffle {
  /// A permutation of `0..<count` for one epoch.
  public static func order(count: Int, key: KeyWords, epoch: Int) -> [Int] { permutation(count: count, key: key.block(UInt64(epoch))) }

  /// A permutation of `0..<count`: Fisher-Yates from the top, the place of element i drawn from block i of the key.
  public static func permutation(count: Int, key: KeyWords) -> [Int] {
    var order = Array(0..<count)
    for index in stride(from: count - 1, to: 0, by: -1) {
      let words = key.block(UInt64(index))
      let random = UInt64(words.first) << 32 | UInt64(words.second)
      let place = Int(random.multipliedFullWidth(by: UInt64(index + 1)).high)
      order.swapAt(index, place)
    }
    return order
  }
}
