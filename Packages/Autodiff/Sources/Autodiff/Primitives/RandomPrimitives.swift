import CAutodiff

extension KernelArguments {
  fileprivate func key(_ index: Int) -> UnsafePointer<UInt32> {
    UnsafePointer(pointer(index).assumingMemoryBound(to: UInt32.self))
  }
}

/// Uniform numbers in [0, 1), element i drawn from counter i.
struct RandomUniform: Primitive {
  let shape: [Int]
  let dtype: DType

  var name: String { "uniform" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec(shape, dtype) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (code, count) = (dtype.code, output.count)
    let row = output.shape.dropFirst().reduce(1, *)
    return Kernel { af_random_uniform(code, $0.key(0), Int64($0.firstRow * row), Int64(count), $0.pointer(1)) }
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { output.rank == 0 ? [] : [.rows([false])] }
}

/// 32 random bits in each int32 element.
struct RandomBits: Primitive {
  let shape: [Int]

  var name: String { "bits" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec(shape, .int32) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let count = output.count
    let row = output.shape.dropFirst().reduce(1, *)
    return Kernel {
      af_random_bits($0.key(0), Int64($0.firstRow * row), Int64(count), $0.pointer(1).assumingMemoryBound(to: UInt32.self))
    }
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { output.rank == 0 ? [] : [.rows([false])] }
}

/// Key words `[count, 2]`: row i is Threefry of counter i.
struct KeyPairs: Primitive {
  let count: Int

  var name: String { "split" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec([count, 2], .int32) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let count = Int64(count)
    return Kernel { af_random_key_pairs($0.key(0), 0, count, $0.pointer(1).assumingMemoryBound(to: UInt32.self)) }
  }
}

/// A new key from a key and a number (int32, any shape with one element).
struct FoldIn: Primitive {
  var name: String { "fold" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec([2], .int32) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    Kernel { arguments in
      let key = arguments.key(0)
      let data = arguments.key(1)[0]
      af_threefry2x32(key[0], key[1], 0, data, arguments.pointer(2).assumingMemoryBound(to: UInt32.self))
    }
  }
}
