/// Assigns offsets in one arena to buffers, so that buffers whose lives overlap never share bytes.
struct MemoryPlan {
  struct Request {
    var id: Int
    var byteCount: Int
    /// First and last moment at which the contents matter.
    var life: ClosedRange<Int>
    /// Buffers that end where this one begins and whose memory it may take over (a computation in place).
    var mayReplace: [Int] = []
  }

  /// Buffers that follow each other in the same memory.
  private struct Block {
    var size: Int
    var life: ClosedRange<Int>
    var members: [Int]
  }

  private(set) var offsets: [Int: Int] = [:]
  private(set) var byteCount = 0
  /// Largest sum of the sizes of blocks alive at one moment: no plan can need less.
  let lowerBound: Int

  /// Packs in several orders, since none is best for all programs, and keeps the smallest arena.
  init(_ requests: [Request]) {
    let blocks = MemoryPlan.blocks(requests)
    lowerBound = MemoryPlan.peak(blocks)
    let orders: [(Block) -> (Int, Int)] = [
      { ($0.life.lowerBound, -$0.size) }, { (-$0.size, $0.life.lowerBound) }, { (-$0.size * $0.life.count, $0.life.lowerBound) },
      { (-$0.life.count, -$0.size) },
    ]
    byteCount = .max
    for key in orders where byteCount > lowerBound {
      let order = blocks.indices.sorted { a, b in
        let (x, y) = (key(blocks[a]), key(blocks[b]))
        return x != y ? x < y : a < b
      }
      let packed = MemoryPlan.pack(blocks, order)
      guard packed.end < byteCount else { continue }
      byteCount = packed.end
      for (block, offset) in zip(blocks, packed.offsets) { for member in block.members { offsets[member] = offset } }
    }
    if blocks.isEmpty { byteCount = 0 }
  }

  /// Joins buffers with those they replace.
  private static func blocks(_ requests: [Request]) -> [Block] {
    var blocks: [Block] = []
    var blockOf: [Int: Int] = [:]
    for request in requests.sorted(by: { ($0.life.lowerBound, -$0.byteCount, $0.id) < ($1.life.lowerBound, -$1.byteCount, $1.id) }) {
      let size = Storage.aligned(request.byteCount)
      let heir = request.mayReplace.compactMap { blockOf[$0] }.first { index in
        blocks[index].size == size && blocks[index].life.upperBound == request.life.lowerBound
          && request.mayReplace.contains(blocks[index].members.last!)
      }
      if let heir {
        blocks[heir].life = blocks[heir].life.lowerBound...request.life.upperBound
        blocks[heir].members.append(request.id)
        blockOf[request.id] = heir
      } else {
        blockOf[request.id] = blocks.count
        blocks.append(Block(size: size, life: request.life, members: [request.id]))
      }
    }
    return blocks
  }

  /// First fit: every block at the lowest offset that is free during its life.
  private static func pack(_ blocks: [Block], _ order: [Int]) -> (offsets: [Int], end: Int) {
    var offsets = [Int](repeating: 0, count: blocks.count)
    var placed: [Int] = []  // by offset
    var end = 0
    for index in order {
      var offset = 0
      for other in placed where blocks[other].life.overlaps(blocks[index].life) {
        if offsets[other] >= offset + blocks[index].size { break }
        offset = max(offset, offsets[other] + blocks[other].size)
      }
      offsets[index] = offset
      end = max(end, offset + blocks[index].size)
      let position = placed.firstIndex { offsets[$0] > offset } ?? placed.count
      placed.insert(index, at: position)
    }
    return (offsets, end)
  }

  private static func peak(_ blocks: [Block]) -> Int {
    var changes: [Int: Int] = [:]
    for block in blocks {
      changes[block.life.lowerBound, default: 0] += block.size
      changes[block.life.upperBound + 1, default: 0] -= block.size
    }
    var (now, most) = (0, 0)
    for moment in changes.keys.sorted() {
      now += changes[moment]!
      most = max(most, now)
    }
    return most
  }
}
