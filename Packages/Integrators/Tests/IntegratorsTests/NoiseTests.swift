import Integrators
import Testing

@Suite struct NoiseKeyTests {
  /// Known answers of Random123 for threefry2x64 with 20 rounds.
  @Test func bitsAreThoseOfTheReference() {
    #expect(NoiseKey(words: .zero).bits(.zero) == SIMD2(0xc2b6_e3a8_c2c6_9865, 0x6f81_ed42_f350_084d))
    let ones = SIMD2<UInt64>(repeating: .max)
    #expect(NoiseKey(words: ones).bits(ones) == SIMD2(0xe02c_b7c4_d95d_277a, 0xd066_33d0_893b_8b68))
    let digits = NoiseKey(words: SIMD2(0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89))
    #expect(digits.bits(SIMD2(0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344)) == SIMD2(0x263c_7d30_bb0f_0af1, 0x56be_8361_d331_1526))
  }

  @Test func normalsHaveTheirMoments() {
    let key = NoiseKey(seed: 11)
    var moments = [0.0, 0.0, 0.0, 0.0]
    var product = 0.0
    let count = 200_000
    for index in 0..<count {
      let (a, b) = key.normals(SIMD2(UInt64(index), 0))
      moments[0] += a + b
      moments[1] += a * a + b * b
      moments[2] += a * a * a + b * b * b
      moments[3] += a * a * a * a + b * b * b * b
      product += a * b
    }
    let scaled = moments.map { $0 / Double(2 * count) }
    // Five standard errors: √(Var xᵏ / 400,000).
    #expect(abs(scaled[0]) < 5 * (1 / 400_000.0).squareRoot())
    #expect(abs(scaled[1] - 1) < 5 * (2 / 400_000.0).squareRoot())
    #expect(abs(scaled[2]) < 5 * (15 / 400_000.0).squareRoot())
    #expect(abs(scaled[3] - 3) < 5 * (96 / 400_000.0).squareRoot())
    #expect(abs(product / Double(count)) < 5 * (1 / Double(count)).squareRoot())
  }

  @Test func childrenAndPositionsDiffer() {
    let key = NoiseKey(seed: 3)
    let draws = (0..<100).map { key.child($0).bits(.zero) } + (0..<100).map { key.bits(SIMD2($0, 0)) }
    #expect(Set(draws.map { "\($0)" }).count == 200)
    #expect(key.normal(like: SIMD4<Double>.zero, at: 5) == key.normal(like: SIMD4<Double>.one, at: 5))
    #expect(key.normal(like: [0.0, 0, 0], at: 5).count == 3)
  }
}

@Suite struct VirtualBrownianTreeTests {
  private func tree(seed: UInt64 = 1, resolution: Double = 1e-6) -> VirtualBrownianTree<Double> {
    VirtualBrownianTree(like: 0.0, key: NoiseKey(seed: seed), from: -1, to: 3, resolution: resolution)
  }

  @Test func samePathHoweverFinelyQueried() {
    let path = tree()
    let whole = path.increment(from: -0.3, to: 2.1)
    for pieces in [2, 7, 64] {
      var displacement = 0.0
      var mean = 0.0
      for piece in 0..<pieces {
        let ends = (piece...(piece + 1)).map { -0.3 + 2.4 * Double($0) / Double(pieces) }
        let part = path.increment(from: ends[0], to: ends[1])
        mean += (displacement + part.mean) / Double(pieces)
        displacement += part.displacement
      }
      #expect(abs(displacement - whole.displacement) < 1e-12)
      #expect(abs(mean - whole.mean) < 1e-12)
    }
    #expect(path.increment(from: 2.1, to: -0.3).displacement == -whole.displacement)
    #expect(path.value(at: -1) == 0)
    #expect(abs(path.value(at: 3) - path.increment(from: -1, to: 3).displacement) < 1e-15)
  }

  /// A finer tree of the same key passes through the same points wherever both have halved.
  @Test func resolutionAddsDetailOnly() {
    let (coarse, fine) = (tree(resolution: 1e-2), tree(resolution: 1e-8))
    for index in 0...256 {
      let time = -1 + 4 * Double(index) / 256
      #expect(abs(coarse.value(at: time) - fine.value(at: time)) < 1e-13)
    }
    #expect(abs(coarse.value(at: 0.1234567) - fine.value(at: 0.1234567)) > 1e-9)
  }

  @Test func keysGiveDifferentPaths() {
    #expect(tree(seed: 1).value(at: 0.7) != tree(seed: 2).value(at: 0.7))
    #expect(tree(seed: 1).value(at: 0.7) == tree(seed: 1).value(at: 0.7))
  }

  /// Var W = h, Var H = h/12, uncorrelated with each other and with the neighbouring interval: 20,000 trees, five errors.
  @Test func incrementsHaveTheirJointLaw() {
    let count = 20_000
    let (first, second) = (0.37, 0.21)
    var sums = Array(repeating: 0.0, count: 8)
    for index in 0..<count {
      let path = VirtualBrownianTree(
        like: 0.0, key: NoiseKey(seed: 9).child(UInt64(index)), from: 0, to: 1, resolution: 1e-4)
      let a = path.increment(from: 0.13, to: 0.13 + first)
      let b = path.increment(from: 0.13 + first, to: 0.13 + first + second)
      let w = (a.displacement / first.squareRoot(), b.displacement / second.squareRoot())
      let h = (a.area / (first / 12).squareRoot(), b.area / (second / 12).squareRoot())
      let products = [w.0 * w.0 - 1, w.1 * w.1 - 1, h.0 * h.0 - 1, h.1 * h.1 - 1, w.0 * h.0, w.0 * w.1, h.0 * h.1, w.1 * h.1]
      for (index, product) in products.enumerated() { sums[index] += product }
    }
    for (index, sum) in sums.enumerated() {
      #expect(abs(sum / Double(count)) < 5 * ((index < 4 ? 2 : 1) / Double(count)).squareRoot(), "moment \(index): \(sum)")
    }
  }

  @Test func programmerErrorsTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = VirtualBrownianTree(like: 0.0, key: NoiseKey(seed: 1), from: 0, to: 1, resolution: 0.1).value(at: 1.5)
    }
    await #expect(processExitsWith: .failure) {
      _ = VirtualBrownianTree(like: 0.0, key: NoiseKey(seed: 1), from: 1, to: 1, resolution: 0.1)
    }
    await #expect(processExitsWith: .failure) {
      _ = VirtualBrownianTree(like: 0.0, key: NoiseKey(seed: 1), from: 0, to: 1, resolution: 0)
    }
  }
}
