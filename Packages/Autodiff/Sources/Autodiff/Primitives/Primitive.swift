/// An operation of the engine: its shape rule, its evaluation rule and both of its derivative rules.
///
/// The derivative rules are written in tensor operations, so derivatives nest to any order. A type of your own that conforms
/// can be applied with `Tensor.apply` and takes part in every transform and in compiled programs.
public protocol Primitive: Sendable, Hashable {
  /// A short name for listings and error messages.
  var name: String { get }

  /// Shape and dtype of the result.
  func result(of inputs: [TensorSpec]) -> TensorSpec

  /// The evaluation rule, prepared for given shapes.
  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel

  /// The directional derivative of the output along `tangents` (nil: no change), or nil where it vanishes.
  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor?

  /// The transposed derivative: for each input the gradient that `cotangent` of the output causes, or nil where it vanishes.
  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?]

  /// The operation on `count` examples at once, for `vmap`, or nil: the engine then applies it to one example after another.
  ///
  /// Inputs flagged in `isMapped` carry a new leading axis of extent `count`, the others belong to all examples. The result
  /// must carry the new axis.
  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor?

  /// How rows of axis 0 can be computed apart from each other, which lets compiled programs use several threads.
  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting]
}

extension Primitive {
  public func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? { nil }
  public func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] { inputs.map { _ in nil } }
  public func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { nil }
  public func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { [] }
}

/// One way to split an operation along axis 0.
public enum Splitting: Sendable, Equatable {
  /// Rows of the output need only the same rows of the inputs flagged `true`, and the whole of the others.
  case rows([Bool])
  /// The output is the sum over groups of rows of the inputs flagged `true`.
  case sumOfRows([Bool])
}

/// An operation prepared for fixed shapes: running it allocates nothing.
public final class Kernel: Sendable {
  /// Bytes of scratch memory that a run needs.
  public let workspaceByteCount: Int
  /// Computes the output where the arguments say.
  public let run: @Sendable (KernelArguments) -> Void

  /// A kernel that runs `run`, with that much scratch memory.
  public init(workspaceByteCount: Int = 0, run: @escaping @Sendable (KernelArguments) -> Void) {
    self.workspaceByteCount = workspaceByteCount
    self.run = run
  }
}

/// Where a kernel finds its operands: contiguous, row-major memory.
public struct KernelArguments {
  /// Addresses of the inputs in order, then of the output.
  public var addresses: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  /// Scratch memory of `Kernel.workspaceByteCount` bytes, not set to anything.
  public var workspace: UnsafeMutableRawPointer
  /// Index along axis 0 of the whole result at which this part begins.
  public var firstRow: Int

  /// The address of input `index`; the output follows the inputs.
  @inline(__always)
  public func pointer(_ index: Int) -> UnsafeMutableRawPointer { addresses[index].unsafelyUnwrapped }
}
