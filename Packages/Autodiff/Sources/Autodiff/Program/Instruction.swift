import CAutodiff

/// Where an operand lies at run time.
struct OperandReference {
  /// 0: the shared arena, 1: the arena of the worker, then arguments, results and constants.
  var base: Int
  var offset: Int
  /// Bytes per row of the batch that a shard skips.
  var rowStride: Int
  /// Bytes per shard, for partial sums.
  var shardStride: Int

  static let shared = 0
  static let local = 1
}

/// Rows of axis 0 in blocks of one size, the last perhaps shorter. The blocks never depend on the number of threads.
struct Division: Equatable {
  let extent: Int
  let rows: Int

  var count: Int { (extent + rows - 1) / rows }
  var lastRows: Int { extent - (count - 1) * rows }
}

/// One prepared operation with its operands; `last` is for the final, shorter shard or block.
struct Instruction {
  let name: String
  let full: Kernel
  let last: Kernel
  /// The same kernels for threads that would otherwise count their references against each other.
  let borrowedFull: Unmanaged<Kernel>
  let borrowedLast: Unmanaged<Kernel>
  /// Freed by the program.
  let operands: UnsafeMutableBufferPointer<OperandReference>
  /// Blocks of rows that an instruction outside of shards can compute side by side.
  let blocks: Division?
  /// Floating-point operations of a full execution, for listings.
  let cost: Int

  init(
    name: String, full: Kernel, last: Kernel, operands: UnsafeMutableBufferPointer<OperandReference>, blocks: Division?, cost: Int
  ) {
    (self.name, self.full, self.last, self.operands, self.blocks, self.cost) = (name, full, last, operands, blocks, cost)
    (borrowedFull, borrowedLast) = (.passUnretained(full), .passUnretained(last))
  }

  var workspaceByteCount: Int { max(full.workspaceByteCount, last.workspaceByteCount) }
}

/// A matrix product whose finished blocks of rows go through a fused loop while they are in the cache.
///
/// Operands: the two or three of the product, its result, then those of the loop.
func productKernel(_ call: GemmCall, addend: Bool, size: Int, epilogue: FusedKernel, dtypes: [DType]) -> Kernel {
  let operandCount = dtypes.count
  let strides = StableIndices(dtypes.indices.map { epilogue.rowByteStride($0, dtype: dtypes[$0]) })
  let productBytes = Storage.aligned(call.workspaceByteCount)
  let scratchBytes = Storage.aligned(epilogue.scratchByteCount)
  let pointerBytes = max(operandCount, 1) * MemoryLayout<UnsafeMutableRawPointer?>.stride
  let first = addend ? 4 : 3
  let resultBytes = Int(call.m) * Int(call.n) * size
  return Kernel(workspaceByteCount: productBytes + scratchBytes + pointerBytes) { arguments in
    let moved = (arguments.workspace + productBytes + scratchBytes)
      .bindMemory(to: UnsafeMutableRawPointer?.self, capacity: max(operandCount, 1))
    let target = arguments.pointer(first - 1)
    if addend && target != arguments.pointer(2) { target.copyMemory(from: arguments.pointer(2), byteCount: resultBytes) }
    var context = EpilogueContext(
      kernel: Unmanaged.passUnretained(epilogue), addresses: arguments.addresses + first, moved: moved,
      scratch: arguments.workspace + productBytes, strides: UnsafePointer(strides.pointer), operandCount: operandCount,
      extents: (1, 1, 1, 1, 0, call.n))
    withUnsafeMutablePointer(to: &context) { pointer in
      call.run(
        arguments.pointer(0), arguments.pointer(1), target, accumulate: addend, workspace: arguments.workspace,
        epilogue: runEpilogue, context: UnsafeMutableRawPointer(pointer))
    }
  }
}

private struct EpilogueContext {
  let kernel: Unmanaged<FusedKernel>
  let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  let moved: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  let scratch: UnsafeMutableRawPointer
  let strides: UnsafePointer<Int64>
  let operandCount: Int
  var extents: (Int64, Int64, Int64, Int64, Int64, Int64)
}

private func runEpilogue(_ context: UnsafeMutableRawPointer?, _ firstRow: Int64, _ rowCount: Int64) {
  let epilogue = context.unsafelyUnwrapped.assumingMemoryBound(to: EpilogueContext.self)
  for index in 0..<epilogue.pointee.operandCount {
    epilogue.pointee.moved[index] =
      epilogue.pointee.addresses[index].unsafelyUnwrapped
      + Int(firstRow * epilogue.pointee.strides[index])
  }
  epilogue.pointee.extents.4 = rowCount
  withUnsafePointer(to: &epilogue.pointee.extents) { extents in
    extents.withMemoryRebound(to: Int64.self, capacity: FusedKernel.axes) { extents in
      epilogue.pointee.kernel._withUnsafeGuaranteedRef { kernel in
        kernel.run(epilogue.pointee.moved, extents, epilogue.pointee.scratch)
      }
    }
  }
}
