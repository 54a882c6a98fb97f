import CAutodiff

/// A chain of element-wise operations that runs as one blocked loop over cache-sized tiles.
///
/// Operands come first (inputs in order, then outputs), so that the addresses of a run are simply those of its arguments.
final class FusedKernel: @unchecked Sendable {
  static let axes = Int(AF_AXES)

  let scratchByteCount: Int
  let operandCount: Int
  let instructionCount: Int
  private let description: UnsafeMutablePointer<af_fused>
  private let instructions: UnsafeMutablePointer<af_instruction>
  private let operands: UnsafeMutablePointer<af_operand>
  /// Right-aligned extents of the loop.
  let extents: UnsafeMutablePointer<Int64>

  init(compute: DType, shape: [Int], instructions list: [af_instruction], operands table: [af_operand], temporaries: Int) {
    precondition(shape.count <= FusedKernel.axes, "an element-wise loop of rank \(shape.count) exceeds \(FusedKernel.axes)")
    instructions = .allocate(capacity: max(list.count, 1))
    instructions.initialize(from: list, count: list.count)
    operands = .allocate(capacity: max(table.count, 1))
    operands.initialize(from: table, count: table.count)
    extents = .allocate(capacity: FusedKernel.axes)
    let lead = FusedKernel.axes - shape.count
    for axis in 0..<FusedKernel.axes { extents[axis] = axis < lead ? 1 : Int64(shape[axis - lead]) }
    description = .allocate(capacity: 1)
    var fused = af_fused()
    fused.compute = UInt8(compute.code.rawValue)
    fused.temp_count = UInt16(temporaries)
    fused.instruction_count = Int32(list.count)
    fused.operand_count = Int32(table.count)
    fused.instructions = UnsafePointer(instructions)
    fused.operands = UnsafePointer(operands)
    description.initialize(to: fused)
    scratchByteCount = af_fused_scratch_bytes(description)
    operandCount = table.count
    instructionCount = list.count
  }

  deinit {
    description.deallocate()
    instructions.deallocate()
    operands.deallocate()
    extents.deallocate()
  }

  func run(_ arguments: KernelArguments) { run(arguments.addresses, extents, arguments.workspace) }

  func run(
    _ addresses: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ extents: UnsafePointer<Int64>,
    _ scratch: UnsafeMutableRawPointer
  ) {
    af_fused_run(description, addresses, extents, scratch)
  }

  /// Bytes from one row to the next (axis `rank - 2` of the loop) for operand `index`.
  func rowByteStride(_ index: Int, dtype: DType) -> Int {
    let stride = withUnsafeBytes(of: operands[index].stride) { $0.load(fromByteOffset: (FusedKernel.axes - 2) * 8, as: Int64.self) }
    return Int(stride) * dtype.byteCount
  }
}

/// Collects operands and instructions of a fused loop.
final class FusedKernelBuilder {
  struct Operand: Hashable {
    fileprivate let kind: Int
    fileprivate let index: Int
  }

  private let shape: [Int]
  private let compute: DType
  private var inputs: [af_operand] = []
  private var outputs: [af_operand] = []
  private var constants: [af_operand] = []
  private var temporaryCount = 0
  private var instructions: [(op: af_op, operands: [Operand])] = []

  init(shape: [Int], compute: DType) {
    self.shape = shape
    self.compute = compute
  }

  func input(dtype: DType, strides: [Int]) -> Operand {
    inputs.append(operand(AF_INPUT, dtype, strides))
    return Operand(kind: 0, index: inputs.count - 1)
  }

  func output(dtype: DType) -> Operand {
    outputs.append(operand(AF_OUTPUT, dtype, Shape.strides(shape)))
    return Operand(kind: 1, index: outputs.count - 1)
  }

  func constant(_ value: Double) -> Operand {
    var constant = operand(AF_CONSTANT, compute, [])
    constant.value = value
    constants.append(constant)
    return Operand(kind: 2, index: constants.count - 1)
  }

  /// Scratch register `slot` of the tile.
  func temporary(_ slot: Int) -> Operand {
    temporaryCount = max(temporaryCount, slot + 1)
    return Operand(kind: 3, index: slot)
  }

  func append(_ function: ElementwiseFunction, into target: Operand, _ arguments: [Operand]) {
    instructions.append((function.code, [target] + arguments))
  }

  func append(op: af_op, _ operands: [Operand]) { instructions.append((op, operands)) }

  func finish() -> FusedKernel {
    var table = inputs + outputs + constants
    for slot in 0..<temporaryCount {
      var register = operand(AF_TEMP, compute, [])
      register.slot = UInt16(slot)
      table.append(register)
    }
    let starts = [0, inputs.count, inputs.count + outputs.count, inputs.count + outputs.count + constants.count]
    let list = instructions.map { step in
      var words = step.operands.map { UInt16(starts[$0.kind] + $0.index) }
      while words.count < 4 { words.append(0) }
      return af_instruction(op: UInt16(step.op.rawValue), dst: words[0], a: words[1], b: words[2], c: words[3])
    }
    return FusedKernel(compute: compute, shape: shape, instructions: list, operands: table, temporaries: temporaryCount)
  }

  private func operand(_ kind: af_operand_kind, _ dtype: DType, _ strides: [Int]) -> af_operand {
    var operand = af_operand()
    operand.kind = UInt8(kind.rawValue)
    operand.dtype = UInt8(dtype.code.rawValue)
    let lead = FusedKernel.axes - strides.count
    withUnsafeMutableBytes(of: &operand.stride) { bytes in
      let words = bytes.bindMemory(to: Int64.self)
      for axis in strides.indices { words[lead + axis] = Int64(strides[axis]) }
    }
    return operand
  }
}
