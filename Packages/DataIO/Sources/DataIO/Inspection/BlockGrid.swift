import HDF5

/// Parts an array into blocks of bounded size that meet its chunks as seldom as can be: whole rows where some fit, tiles otherwise.
struct BlockGrid: Sequence {
  /// Extents of a block that no end of the array cuts.
  let block: [Int]
  private let shape: [Int]

  /// `chunk`: how the array lies in the file, where it lies in chunks. A block holds at most `elements`, four times as many where that
  /// spares reading a chunk twice, and at least one.
  init(shape: [Int], chunk: [Int]?, elements: Int) {
    self.shape = shape
    func clamped(_ extents: [Int]) -> [Int] { zip(extents, shape).map { Swift.max(1, Swift.min($0, $1)) } }
    // All that follows the first axis, when the chunk has it and its rows fit; else the chunk itself; else one element.
    let rows = clamped([chunk?.first ?? 1] + shape.dropFirst())
    let candidates = [rows, clamped(chunk ?? []), shape.map { _ in 1 }]
    func size(_ extents: [Int]) -> Int { elementCount(of: extents) ?? .max }
    var block = candidates.first { $0.count == shape.count && size($0) <= 4 * elements } ?? candidates[2]
    for axis in block.indices.reversed() {
      let times = Swift.max(1, elements / size(block))
      block[axis] = Swift.min(Swift.max(1, shape[axis]), block[axis] * times)
    }
    self.block = block
  }

  func makeIterator() -> Iterator { Iterator(shape: shape, block: block) }

  /// Goes through the blocks with the last axis fastest.
  struct Iterator: IteratorProtocol {
    private let shape: [Int]
    private let block: [Int]
    private var start: [Int]?

    init(shape: [Int], block: [Int]) {
      (self.shape, self.block) = (shape, block)
      start = shape.contains(0) ? nil : shape.map { _ in 0 }
    }

    mutating func next() -> Hyperslab? {
      guard let current = start else { return nil }
      let count = shape.indices.map { Swift.min(block[$0], shape[$0] - current[$0]) }
      advance(current)
      return Hyperslab(start: current, count: count)
    }

    private mutating func advance(_ current: [Int]) {
      var next = current
      for axis in shape.indices.reversed() {
        next[axis] += block[axis]
        if next[axis] < shape[axis] {
          start = next
          return
        }
        next[axis] = 0
      }
      start = nil
    }
  }
}
