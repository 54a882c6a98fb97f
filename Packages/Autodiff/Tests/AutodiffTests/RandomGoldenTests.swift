import Autodiff
import Testing

/// Keys and random numbers of `jax.random`, written by `Golden/make_jax_primitives.py`.
@Suite struct RandomGoldenTests {
  private struct File: Decodable { let cases: [Case] }

  private struct Fold: Decodable {
    let data: UInt32
    let key: [String]
  }

  private struct Draw: Decodable {
    let shape: [Int]
    let bits32, uniform32, uniform64, normal32, normal64: [String]
  }

  private struct Distributions: Decodable {
    let exponential32, gumbel32, truncatedNormal32, exponential64, gumbel64, truncatedNormal64: [String]
    let bernoulli32, bernoulli64: [Bool]
    let categorical32, categorical64, smallIntegers, largeIntegers, topIntegers: [Int32]
  }

  private struct Case: Decodable {
    let seed: UInt64
    let key: [String]
    let split2, split5: [[String]]
    let foldIn: [Fold]
    let draws: [Draw]
    let distributions: Distributions
    let permutation10, permutation3000: [Int32]
    let between32, between64: [String]

    enum CodingKeys: String, CodingKey {
      case seed, key, split2, split5, foldIn, draws, distributions, permutation10, permutation3000
      case between32 = "uniform32 in [-2, 3)"
      case between64 = "uniform64 in [-2, 3)"
    }
  }

  private let cases: [Case]

  init() throws { cases = try (GoldenCase.read("jax_random.json") as File).cases }

  private func words(_ key: Key) -> [UInt32] { key.words.scalars(Int32.self).map { UInt32(bitPattern: $0) } }
  private func word(_ hexadecimal: String) -> UInt64 { UInt64(hexadecimal.dropFirst(2), radix: 16)! }
  private func words(_ list: [String]) -> [UInt32] { list.map { UInt32(word($0)) } }
  private func numbers(_ list: [String], _ dtype: DType) -> [Double] {
    dtype == .float32 ? words(list).map { Double(Float(bitPattern: $0)) } : list.map { Double(bitPattern: word($0)) }
  }

  @Test func keysAndBitsAreEqual() {
    #expect(cases.count >= 3)
    for golden in cases {
      let key = Key(seed: golden.seed)
      #expect(words(key) == words(golden.key))
      #expect(key.split().map(words) == golden.split2.map(words))
      #expect(key.split(5).map(words) == golden.split5.map(words))
      for fold in golden.foldIn { #expect(words(key.folded(Int(fold.data))) == words(fold.key)) }
      for draw in golden.draws {
        let bits = Tensor.randomBits(draw.shape, key: key).scalars(Int32.self).map { UInt32(bitPattern: $0) }
        #expect(bits == words(draw.bits32))
      }
    }
  }

  @Test func uniformNumbersAreEqualBitForBit() {
    for golden in cases {
      let key = Key(seed: golden.seed)
      for draw in golden.draws {
        #expect(Tensor.uniform(draw.shape, key: key).scalars(Float.self).map(\.bitPattern) == words(draw.uniform32))
        let wide = Tensor.uniform(draw.shape, key: key, dtype: .float64).scalars(Double.self).map(\.bitPattern)
        #expect(wide == draw.uniform64.map(word))
      }
    }
  }

  /// Integers, permutations and choices are equal; logarithms and inverse error functions to a few units in the last place.
  @Test func distributionsAgree() {
    for golden in cases {
      let key = Key(seed: golden.seed)
      for draw in golden.draws {
        expectClose(Tensor.normal(draw.shape, key: key).doubles, numbers(draw.normal32, .float32), 1e-6)
        expectClose(Tensor.normal(draw.shape, key: key, dtype: .float64).doubles, numbers(draw.normal64, .float64), 1e-14)
      }
      // XLA rounds a product and a sum once where we round twice.
      expectClose(Tensor.uniform([4], lower: -2, upper: 3, key: key).doubles, numbers(golden.between32, .float32), 3e-7)
      let between = Tensor.uniform([4], lower: -2, upper: 3, key: key, dtype: .float64)
      expectClose(between.doubles, numbers(golden.between64, .float64), 5e-16)
      let expected = golden.distributions
      let reals: [(DType, Double, [String], [String], [String])] = [
        (.float32, 2e-6, expected.exponential32, expected.gumbel32, expected.truncatedNormal32),
        (.float64, 1e-14, expected.exponential64, expected.gumbel64, expected.truncatedNormal64),
      ]
      for (dtype, tolerance, exponential, gumbel, truncated) in reals {
        expectClose(Tensor.exponential([5], key: key, dtype: dtype).doubles, numbers(exponential, dtype), tolerance)
        expectClose(Tensor.gumbel([5], key: key, dtype: dtype).doubles, numbers(gumbel, dtype), tolerance)
        let normal = Tensor.truncatedNormal([6], lower: -1, upper: 2, key: key, dtype: dtype)
        expectClose(normal.doubles, numbers(truncated, dtype), tolerance)
      }
      let choices: [(DType, [Bool], [Int32])] = [
        (.float32, expected.bernoulli32, expected.categorical32), (.float64, expected.bernoulli64, expected.categorical64),
      ]
      for (dtype, bernoulli, categorical) in choices {
        let probabilities = Tensor([0, 0.1, 0.25, 0.5, 0.75, 0.9, 1], dtype: dtype)
        #expect(Tensor.bernoulli(probabilities, key: key).scalars(Bool.self) == bernoulli)
        let logits = log((Tensor.iota([12]).cast(to: dtype) + 1).reshaped([4, 3]))
        #expect(Tensor.categorical(logits: logits, key: key).scalars(Int32.self) == categorical)
      }
      let ranges: [(Range<Int>, [Int32])] = [
        (-5..<17, expected.smallIntegers), (Int(Int32.min)..<Int(Int32.max), expected.largeIntegers),
        (Int(Int32.max) - 9..<Int(Int32.max) + 1, expected.topIntegers),
      ]
      for (range, integers) in ranges {
        #expect(Tensor.randomIntegers([8], in: range, key: key).scalars(Int32.self) == integers)
      }
      #expect(Tensor.permutation(10, key: key).scalars(Int32.self) == golden.permutation10)
      #expect(Tensor.permutation(3000, key: key).scalars(Int32.self).prefix(20) == golden.permutation3000[...])
    }
  }
}
