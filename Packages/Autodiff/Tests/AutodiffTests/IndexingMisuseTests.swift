import Autodiff
import Testing

/// Mistakes in shapes, axes and indices trap with the operation, what was given and this file.
@Suite struct IndexingMisuseTests {
  struct Mistake: Sendable {
    let message: String
    let body: @Sendable () -> Tensor

    init(_ message: String, _ body: @escaping @Sendable () -> Tensor) {
      self.message = message
      self.body = body
    }
  }

  static let x = Tensor.zeros([2, 3])
  static let mistakes: [Mistake] = [
    Mistake("take: index 5 at position 1 of the indices is out of range for axis 1 of extent 3") {
      x.take(Tensor([0, 5] as [Int32]), axis: -1)
    },
    Mistake("take: index 3 at position 1 of the indices is out of range for axis 0 of extent 2") {
      x.takeAlong(Tensor([0, 3, 1] as [Int32], shape: [1, 3]), axis: 0)
    },
    Mistake("scatterAdd: index 2 at position 0 of the indices is out of range for axis 0 of extent 2") {
      x.scatterAdd(Tensor([2] as [Int32]), Tensor.ones([1, 3]), axis: 0)
    },
    Mistake("sorted: axis 2 is out of range for a tensor of rank 2") { x.sorted(axis: 2) },
    Mistake("split: sizes [1, 1] do not add up to axis 1 of shape [2, 3]") { x.split(sizes: [1, 1], axis: 1)[0] },
    Mistake("padded: axis 1 of shape [2, 3] has no 3 elements to reflect") { x.padded(axis: 1, before: 3, with: .reflect) },
    Mistake("subscript: -3 is out of range for axis 0 of shape [2, 3]") { x[-3] },
    Mistake("triangularSolve: the right side float32[2, 3] must be float32[3] or [.., 3, m] for matrices float32[3, 3]") {
      Tensor.identity(3).triangularSolve(x)
    },
    Mistake("einsum: \"ij,jk->ik\" gives 'j' the extents 3 and 2") { einsum("ij,jk->ik", x, x) },
    Mistake("einsum: the result of \"ij->ik\" has a letter that no operand has") { einsum("ij->ik", x) },
    Mistake("einsum: the result of \"...j->j\" lacks the '...' of the operands") { einsum("...j->j", x) },
  ]

  @inline(never) static func make(_ index: Int) { print(mistakes[index].body().doubles) }

  @Test(arguments: mistakes.indices) func traps(_ index: Int) async {
    // An exit test runs in a process of its own, which can be told a number.
    let exit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index] in
      IndexingMisuseTests.make(index)
    }
    let text = String(decoding: exit?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains(IndexingMisuseTests.mistakes[index].message), "\(text.prefix(300))")
    #expect(text.contains("IndexingMisuseTests.swift"))
  }
}
