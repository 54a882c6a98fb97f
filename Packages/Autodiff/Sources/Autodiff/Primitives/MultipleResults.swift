/// A primitive with several results of different shapes and dtypes, such as a factorisation or a loop.
public protocol MultipleResults: Primitive {
  /// Shapes and dtypes of the results.
  func results(of inputs: [TensorSpec]) -> [TensorSpec]

  /// The evaluation rule; its arguments are the inputs in order, then the results in order.
  func kernel(inputs: [TensorSpec], outputs: [TensorSpec]) -> Kernel

  /// Tangents of the results along `tangents` of the inputs; nil where they vanish.
  func pushforward(inputs: [Tensor], outputs: [Tensor], tangents: [Tensor?]) -> [Tensor?]

  /// Gradients of the inputs caused by `cotangents` of the results; nil: nothing arrived, or nothing follows.
  func pullback(inputs: [Tensor], outputs: [Tensor], cotangents: [Tensor?]) -> [Tensor?]

  /// As `Primitive.batched`, for every result.
  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> [Tensor]?
}

extension MultipleResults {
  public func pushforward(inputs: [Tensor], outputs: [Tensor], tangents: [Tensor?]) -> [Tensor?] { outputs.map { _ in nil } }
  public func pullback(inputs: [Tensor], outputs: [Tensor], cotangents: [Tensor?]) -> [Tensor?] { inputs.map { _ in nil } }
  public func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> [Tensor]? { nil }

  /// One block of bytes that holds all results.
  public func result(of inputs: [TensorSpec]) -> TensorSpec { ResultLayout(results(of: inputs)).spec }

  public func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let specs = results(of: inputs)
    let layout = ResultLayout(specs)
    let own = kernel(inputs: inputs, outputs: specs)
    let (inputCount, offsets) = (inputs.count, layout.offsets)
    let tableOffset = Storage.aligned(own.workspaceByteCount)
    let tableCount = inputCount + offsets.count
    return Kernel(workspaceByteCount: tableOffset + tableCount * MemoryLayout<UnsafeMutableRawPointer?>.stride) { arguments in
      let table = (arguments.workspace + tableOffset).bindMemory(to: UnsafeMutableRawPointer?.self, capacity: tableCount)
      for index in 0..<inputCount { table[index] = arguments.addresses[index] }
      for index in offsets.indices { table[inputCount + index] = arguments.pointer(inputCount) + offsets[index] }
      own.run(KernelArguments(addresses: table, workspace: arguments.workspace, firstRow: arguments.firstRow))
    }
  }

  public func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { [] }
}

/// Where each of several results lies in their common block of memory.
struct ResultLayout {
  let specs: [TensorSpec]
  let offsets: [Int]
  let byteCount: Int

  init(_ specs: [TensorSpec]) {
    self.specs = specs
    var end = 0
    offsets = specs.map { spec in
      defer { end += Storage.aligned(spec.byteCount) }
      return end
    }
    byteCount = end
  }

  var spec: TensorSpec { TensorSpec([byteCount], .bool) }
}

/// One of several results, in the block of memory that holds them all.
struct Projection: Primitive {
  let index: Int
  let offset: Int
  let spec: TensorSpec

  var name: String { "result \(index)" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { spec }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (offset, bytes) = (offset, output.byteCount)
    return Kernel { $0.pointer(1).copyMemory(from: $0.pointer(0) + offset, byteCount: bytes) }
  }
}

extension Tensor {
  /// Applies a primitive of several results.
  public static func apply<P: MultipleResults>(_ primitive: P, _ inputs: [Tensor]) -> [Tensor] {
    let layout = ResultLayout(primitive.results(of: inputs.map(\.spec)))
    return projections(of: Node(primitive, inputs.map(\.node), layout.spec), layout)
  }

  /// The results of a node that holds several.
  static func projections(of block: Node, _ layout: ResultLayout) -> [Tensor] {
    layout.specs.indices.map { index in
      Tensor(
        node: Node(Projection(index: index, offset: layout.offsets[index], spec: layout.specs[index]), [block], layout.specs[index]))
    }
  }
}
