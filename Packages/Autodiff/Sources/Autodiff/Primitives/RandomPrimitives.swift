import CAutodiff

// Random numbers of one key `[2]` are counted along all axes of the result. Several keys `[.., 2]` give a result with their
// axes in front, in which each key counts from 0: what a loop over the keys gives, bit for bit.

extension KernelArguments {
  func key(_ index: Int) -> UnsafePointer<UInt32> {
    UnsafePointer(pointer(index).assumingMemoryBound(to: UInt32.self))
  }

  func words(_ index: Int) -> UnsafeMutablePointer<UInt32> { pointer(index).assumingMemoryBound(to: UInt32.self) }
}

/// How the elements of a result are dealt out to keys.
private struct KeyShares: Sendable {
  let keys: Int
  /// Elements of each key.
  let count: Int
  /// With a single key a part of the rows goes on counting where the parts before it stopped; 0 with several keys.
  private let rowCount: Int

  init(_ key: TensorSpec, _ output: TensorSpec) {
    keys = key.count / 2
    count = output.count / Swift.max(keys, 1)
    rowCount = key.rank == 1 ? output.shape.dropFirst().reduce(1, *) : 0
  }

  func start(_ arguments: KernelArguments) -> Int64 { Int64(arguments.firstRow * rowCount) }

  /// Several keys are rows themselves; one key is needed whole.
  static func splitting(_ key: TensorSpec, _ output: TensorSpec, others: [Bool] = []) -> [Splitting] {
    output.rank == 0 ? [] : [.rows([key.rank > 1] + others)]
  }
}

/// Uniform numbers in [0, 1), element i drawn from counter i.
struct RandomUniform: Primitive {
  let shape: [Int]
  let dtype: DType

  var name: String { "uniform" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec(inputs[0].shape.dropLast() + shape, dtype) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (code, size, shares) = (dtype.code, dtype.byteCount, KeyShares(inputs[0], output))
    return Kernel { arguments in
      for key in 0..<shares.keys {
        af_random_uniform(
          code, arguments.key(0) + 2 * key, shares.start(arguments), Int64(shares.count),
          arguments.pointer(1) + key * shares.count * size)
      }
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { .apply(self, inputs) }
  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { KeyShares.splitting(inputs[0], output) }
}

/// 32 random bits in each int32 element.
struct RandomBits: Primitive {
  let shape: [Int]

  var name: String { "bits" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec(inputs[0].shape.dropLast() + shape, .int32) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let shares = KeyShares(inputs[0], output)
    return Kernel { arguments in
      for key in 0..<shares.keys {
        af_random_bits(
          arguments.key(0) + 2 * key, shares.start(arguments), Int64(shares.count), arguments.words(1) + key * shares.count)
      }
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { .apply(self, inputs) }
  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { KeyShares.splitting(inputs[0], output) }
}

/// Integers lower, ..., lower + span - 1, those of `jax.random.randint`: 64 random bits modulo the span, which favours no
/// integer by more than span / 2^64 of its share.
struct RandomIntegers: Primitive {
  let shape: [Int]
  let lower: Int32
  let span: UInt32

  var name: String { "integers" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec(inputs[0].shape.dropLast() + shape, .int32) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (lower, span, shares) = (UInt32(bitPattern: lower), span, KeyShares(inputs[0], output))
    let half = (1 << 16) % span
    let multiplier = (half &* half) % span
    return Kernel(workspaceByteCount: shares.count * 4) { arguments in
      let low = arguments.workspace.assumingMemoryBound(to: UInt32.self)
      for key in 0..<shares.keys {
        let result = arguments.words(1) + key * shares.count
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4) { pair in
          af_random_key_pairs(arguments.key(0) + 2 * key, 0, 2, pair.baseAddress!)
          af_random_bits(pair.baseAddress!, shares.start(arguments), Int64(shares.count), result)
          af_random_bits(pair.baseAddress! + 2, shares.start(arguments), Int64(shares.count), low)
        }
        for index in 0..<shares.count {
          result[index] = lower &+ ((result[index] % span) &* multiplier &+ low[index] % span) % span
        }
      }
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { .apply(self, inputs) }
  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { KeyShares.splitting(inputs[0], output) }
}

/// The numbers 0, ..., count - 1 in random order, those of `jax.random.permutation`.
struct RandomPermutation: Primitive {
  let count: Int

  var name: String { "permutation" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec(inputs[0].shape.dropLast() + [count], .int32) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (keys, count) = (inputs[0].count / 2, count)
    return Kernel(workspaceByteCount: af_permutation_workspace_bytes(Int64(count))) { arguments in
      let target = arguments.pointer(1).assumingMemoryBound(to: Int32.self)
      for key in 0..<keys {
        af_random_permutation(arguments.key(0) + 2 * key, Int64(count), target + key * count, arguments.workspace)
      }
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { .apply(self, inputs) }
  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { inputs[0].rank > 1 ? [.rows([true])] : [] }
}

/// Gamma numbers of unit scale, one for each concentration.
struct RandomGamma: Primitive {
  var name: String { "gamma" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[1] }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (code, size, shares) = (output.dtype.code, output.dtype.byteCount, KeyShares(inputs[0], output))
    return Kernel { arguments in
      for key in 0..<shares.keys {
        let offset = key * shares.count * size
        af_random_gamma(
          code, arguments.key(0) + 2 * key, shares.start(arguments), Int64(shares.count), arguments.pointer(1) + offset,
          arguments.pointer(2) + offset)
      }
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { .apply(self, inputs.mapped(isMapped, count)) }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] {
    KeyShares.splitting(inputs[0], output, others: [true])
  }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    tangents[1].map { $0 * binary(.gammaSlope, inputs[1], output) }
  }

  /// Implicit differentiation of P(concentration, number) = const (Figurnov, Mohamed and Mnih 2018, eq. 7).
  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    [nil, cotangent * binary(.gammaSlope, inputs[1], output)]
  }
}

/// Key words `[.., 2]` -> `[.., count, 2]`: pair i is Threefry of counter i.
struct KeyPairs: Primitive {
  let count: Int

  var name: String { "split" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec(inputs[0].shape.dropLast() + [count, 2], .int32) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (keys, count) = (inputs[0].count / 2, count)
    return Kernel { arguments in
      for key in 0..<keys {
        af_random_key_pairs(arguments.key(0) + 2 * key, 0, Int64(count), arguments.words(1) + 2 * key * count)
      }
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { .apply(self, inputs) }
  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { inputs[0].rank > 1 ? [.rows([true])] : [] }
}

/// New key words `[.., 2]` from key words and as many numbers (int32).
struct FoldIn: Primitive {
  var name: String { "fold" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[0] }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let keys = inputs[0].count / 2
    return Kernel { arguments in
      for index in 0..<keys {
        let key = arguments.key(0) + 2 * index
        af_threefry2x32(key[0], key[1], 0, arguments.key(1)[index], arguments.words(2) + 2 * index)
      }
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { .apply(self, inputs.mapped(isMapped, count)) }
  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { inputs[0].rank > 1 ? [.rows([true, true])] : [] }
}
