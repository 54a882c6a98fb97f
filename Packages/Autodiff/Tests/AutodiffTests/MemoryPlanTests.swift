import Testing

@testable import Autodiff

@Suite struct MemoryPlanTests {
  private struct Dice {
    var state: UInt64
    mutating func roll(_ sides: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % sides
    }
  }

  private func requests(_ seed: Int) -> [MemoryPlan.Request] {
    var dice = Dice(state: UInt64(seed))
    var list: [MemoryPlan.Request] = []
    for id in 0..<(5 + dice.roll(60)) {
      let start = dice.roll(80)
      let replaces = list.filter { $0.life.upperBound == start }.map(\.id)
      let size = replaces.isEmpty ? 64 << dice.roll(7) : list[replaces[0]].byteCount
      list.append(.init(id: id, byteCount: size, life: start...start + dice.roll(12), mayReplace: replaces))
    }
    return list
  }

  @Test func livingBuffersNeverShareBytes() {
    for seed in 0..<200 {
      let list = requests(seed)
      let plan = MemoryPlan(list)
      for (index, a) in list.enumerated() {
        #expect(plan.offsets[a.id]! + a.byteCount <= plan.byteCount)
        for b in list[(index + 1)...] where a.life.overlaps(b.life) {
          let (x, y) = (plan.offsets[a.id]!, plan.offsets[b.id]!)
          let apart = x + a.byteCount <= y || y + b.byteCount <= x
          let replaces = x == y && (b.mayReplace.contains(a.id) || a.mayReplace.contains(b.id)) && a.byteCount == b.byteCount
          #expect(apart || replaces, "seed \(seed): buffers \(a) and \(b)")
        }
      }
    }
  }

  @Test func plansStayCloseToTheBound() {
    var (total, bound) = (0, 0)
    for seed in 0..<200 {
      let plan = MemoryPlan(requests(seed))
      #expect(plan.byteCount >= plan.lowerBound)
      (total, bound) = (total + plan.byteCount, bound + plan.lowerBound)
    }
    #expect(Double(total) <= 1.1 * Double(bound))
  }
}
