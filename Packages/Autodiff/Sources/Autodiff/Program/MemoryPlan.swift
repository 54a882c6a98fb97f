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

  private(set) var offsets: [Int: Int] = [:]
  private(set) var byteCount = 0
  /// Largest sum of the sizes of buffers alive at one moment: no plan can need less.
  let lowerBound: Int

  static func aligned(_ bytes: Int) -> Int { (bytes + 63) & ~63 }

  init(_ requests: [Request]) {
    lowerBound = MemoryPlan.peak(requests)
    var placed: [(offset: Int, size: Int, life: ClosedRange<Int>, id: Int)] = []
    var replaced: Set<Int> = []
    for request in requests.sorted(by: { ($0.life.lowerBound, -$0.byteCount, $0.id) < ($1.life.lowerBound, -$1.byteCount, $1.id) }) {
      let size = MemoryPlan.aligned(request.byteCount)
      let heir = request.mayReplace.first { candidate in
        !replaced.contains(candidate)
          && placed.contains { $0.id == candidate && $0.size == size && $0.life.upperBound == request.life.lowerBound }
      }
      var offset = 0
      if let heir {
        replaced.insert(heir)
        offset = offsets[heir]!
      } else {
        for other in placed.filter({ $0.life.overlaps(request.life) }).sorted(by: { $0.offset < $1.offset }) {
          if other.offset >= offset + size { break }
          offset = max(offset, other.offset + other.size)
        }
      }
      offsets[request.id] = offset
      placed.append((offset, size, request.life, request.id))
      byteCount = max(byteCount, offset + size)
    }
  }

  private static func peak(_ requests: [Request]) -> Int {
    var changes: [Int: Int] = [:]
    for request in requests {
      changes[request.life.lowerBound, default: 0] += aligned(request.byteCount)
      changes[request.life.upperBound + 1, default: 0] -= aligned(request.byteCount)
    }
    var (now, most) = (0, 0)
    for moment in changes.keys.sorted() {
      now += changes[moment]!
      most = max(most, now)
    }
    return most
  }
}
