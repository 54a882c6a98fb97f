/// Where the elements of a node lie: in the memory of a root node, at an offset, with strides (in elements).
struct View: Equatable {
  var root: Int
  var offset: Int
  var strides: [Int]

  /// Whether the elements lie in row-major order without gaps.
  func isContiguous(_ shape: [Int]) -> Bool {
    let dense = Shape.strides(shape)
    return shape.indices.allSatisfy { shape[$0] == 1 || strides[$0] == dense[$0] }
  }

  /// Whether a fused loop can read the elements where they are.
  func isLoadable(_ shape: [Int]) -> Bool {
    guard let last = strides.last, shape.count <= FusedKernel.axes else { return strides.isEmpty }
    return shape[shape.count - 1] == 1 || last == 0 || last == 1
  }
}

/// Spares copies: broadcasts, transposes, slices and reshapes are read where their input lies, unless a reader cannot.
struct ViewAnalysis {
  /// Where each node's elements can be found.
  private(set) var views: [View] = []
  /// Movements that some reader needs in row-major order and that therefore get memory of their own.
  private(set) var isCopied: [Bool]
  /// What has to be computed before a node may be read, although it is not read itself (barriers).
  private(set) var barriers: [[Int]]
  private let shapes: [[Int]]

  init(_ graph: ProgramGraph) {
    shapes = graph.nodes.map(\.spec.shape)
    isCopied = [Bool](repeating: false, count: graph.nodes.count)
    barriers = [[Int]](repeating: [], count: graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() {
      views.append(composed(node, index))
      if isMovement(node), let input = node.inputs.first {
        barriers[index] = barriers[input]
        if node.primitive is Barrier { barriers[index] += node.inputs.dropFirst().map { views[$0].root } }
      }
      for input in node.inputs where views[input].root != input {
        let suits =
          isFusable(node)
          ? views[input].isLoadable(shapes[input])
          : readsAnyStrides(node) || views[input].isContiguous(shapes[input])
        if !suits { isCopied[input] = true }
      }
    }
    for output in graph.outputs where views[output].root != output { isCopied[output] = true }
  }

  func hasMemory(_ index: Int) -> Bool { views[index].root == index || isCopied[index] }

  /// Row-major elements of a node, for kernels that need them so.
  func contiguous(_ index: Int) -> View {
    views[index].isContiguous(shapes[index]) && !isCopied[index] ? views[index] : own(index)
  }

  /// Elements of a node as a fused loop can read them.
  func loadable(_ index: Int) -> View { views[index].isLoadable(shapes[index]) ? views[index] : own(index) }

  /// Elements of the input `index` as `node` reads them.
  func operand(_ index: Int, of node: ProgramGraph.Node) -> View {
    readsAnyStrides(node) ? views[index] : isFusable(node) ? loadable(index) : contiguous(index)
  }

  private func own(_ index: Int) -> View { View(root: index, offset: 0, strides: Shape.strides(shapes[index])) }

  /// The view of a node, by composing movements over the view of their input.
  private mutating func composed(_ node: ProgramGraph.Node, _ index: Int) -> View {
    guard isMovement(node), let input = node.inputs.first else { return own(index) }
    var view = views[input]
    let shape = shapes[input]
    switch node.primitive {
    case let broadcast as Broadcast:
      let lead = broadcast.shape.count - shape.count
      view.strides = broadcast.shape.indices.map { $0 < lead || shape[$0 - lead] == 1 ? 0 : view.strides[$0 - lead] }
    case let transpose as Transpose:
      view.strides = transpose.permutation.map { view.strides[$0] }
    case is Barrier: break
    case let projection as Projection:
      view = View(root: view.root, offset: projection.offset / projection.spec.dtype.byteCount, strides: Shape.strides(shapes[index]))
    case let slice as Slice:
      view.offset += slice.start * view.strides[slice.axis]
      view.strides[slice.axis] *= slice.step
    default:
      if !view.isContiguous(shape) {
        isCopied[input] = true
        view = own(input)
      }
      view.strides = Shape.strides(shapes[index])
    }
    return view
  }
}

func isMovement(_ node: ProgramGraph.Node) -> Bool {
  switch node.primitive {
  case is Broadcast, is Transpose, is Slice, is Reshape, is Projection, is Barrier: true
  default: false
  }
}

/// Whether a node copies its inputs element by element, wherever they lie.
func readsAnyStrides(_ node: ProgramGraph.Node) -> Bool { isMovement(node) || node.primitive is Concatenate }

/// Whether a node can be an instruction of a fused loop.
func isFusable(_ node: ProgramGraph.Node) -> Bool {
  (node.primitive is Elementwise || node.primitive is ConstantPower) && node.spec.rank <= FusedKernel.axes
}
