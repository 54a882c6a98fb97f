import CDigest
import Testing

@testable import DataIO

@Suite struct HashTests {
  /// FIPS 180-4 examples.
  @Test func digestsOfTheStandard() {
    #expect(SHA256.hexadecimal(of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(SHA256.hexadecimal(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hexadecimal(of: [UInt8](repeating: 0x61, count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func piecesHashAsTheWhole() {
    let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    for length in [1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000] {
      let whole = Array(message.prefix(length))
      for piece in [1, 13, 64, 100] {
        var hash = SHA256()
        for start in stride(from: 0, to: length, by: piece) {
          whole[start..<min(start + piece, length)].withUnsafeBytes { hash.update($0) }
        }
        #expect(hash.hexadecimal() == SHA256.hexadecimal(of: whole))
      }
    }
  }

  @Test func theProcessorsInstructionsGiveThePortableResult() {
    let blocks = (0..<64 * 37).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 5) }
    var fast: [UInt32] = (0..<8).map { $0 &* 0x9E37_79B9 }
    var portable = fast
    cdigest_sha256(&fast, blocks, 37)
    cdigest_sha256_portable(&portable, blocks, 37)
    #expect(fast == portable)
  }

  /// Sixteen, two and one message at a time.
  @Test(arguments: [64, 192, 4096]) func messagesSideBySideGiveTheirOwnDigests(_ size: Int) {
    let bytes = (0..<size * 19).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 3) }
    let digests = bytes.withUnsafeBytes { SHA256.digests(ofEach: size, in: $0) }
    for message in 0..<19 {
      var hash = SHA256()
      bytes[message * size..<(message + 1) * size].withUnsafeBytes { hash.update($0) }
      #expect(hash.digest() == Array(digests[message * 32..<(message + 1) * 32]), "message \(message)")
    }
  }

  /// Against FORMAT.md, section 2.1, word by word.
  @Test(arguments: [1, 65_535, 65_536, 65_537, 3_000_001]) func theTreeIsThatOfTheFormat(_ count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }
    var leaves: [UInt8] = []
    for start in stride(from: 0, to: count, by: 65_536) {
      var hash = SHA256()
      bytes[start..<min(start + 65_536, count)].withUnsafeBytes { hash.update($0) }
      leaves += hash.digest()
    }
    for threads in [1, 3] {
      let found = try TreeDigest.hexadecimal(byteCount: count, threads: threads) { start, target in
        target.copyBytes(from: bytes[start..<start + target.count])
      }
      #expect(found == SHA256.hexadecimal(of: leaves))
    }
  }

  /// HDF5's own loop, word by word.
  @Test func fletcherChecksumsAgreeWithTheirDefinition() {
    func expected(_ bytes: [UInt8]) -> UInt32 {
      var (first, second) = (UInt32(0), UInt32(0))
      for start in stride(from: 0, to: bytes.count, by: 2) {
        first += UInt32(bytes[start]) << 8 | UInt32(start + 1 < bytes.count ? bytes[start + 1] : 0)
        first = (first & 0xFFFF) + (first >> 16)
        second += first
        second = (second & 0xFFFF) + (second >> 16)
      }
      return second << 16 | first
    }
    for count in [0, 1, 2, 3, 63, 64, 65, 1000, 16_384, 100_001] {
      let mixed = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 4) }
      for bytes in [mixed, [UInt8](repeating: 0, count: count), [UInt8](repeating: 255, count: count)] {
        #expect(bytes.withUnsafeBytes { ChunkFilters.fletcher32($0) } == expected(bytes), "\(count) bytes")
      }
    }
  }

  /// Known-answer vectors of the Random123 library for threefry2x32 with 20 rounds.
  @Test func threefryGivesTheKnownAnswers() {
    #expect(KeyWords(0, 0).block(0) == KeyWords(0x6b20_0159, 0x99ba_4efe))
    #expect(KeyWords(.max, .max).block(.max) == KeyWords(0x1cb9_96fc, 0xbb00_2be7))
    #expect(KeyWords(0x1319_8a2e, 0x0370_7344).block(0x243f_6a88_85a3_08d3) == KeyWords(0xc492_3a9c, 0x483d_f7a0))
  }
}

@Suite struct BatchTests {
  private let key = KeyWords(seed: 2026)

  @Test(arguments: [(10, 3), (10, 5), (7, 20), (1, 1), (64, 64)]) func everyRowComesOncePerEpoch(_ rows: Int, _ size: Int) {
    var straddling = Batches(rowCount: rows, batchSize: size, key: key)
    var stream: [Int] = []
    while stream.count < 4 * rows {
      let batch = straddling.next()
      #expect(batch.count == size)
      stream += batch
    }
    for epoch in 0..<4 { #expect(stream[epoch * rows..<(epoch + 1) * rows].sorted() == Array(0..<rows)) }

    var ending = Batches(rowCount: rows, batchSize: size, key: key, remainder: .endsShort)
    for _ in 0..<3 {
      var epoch: [Int] = []
      while epoch.count < rows { epoch += ending.next() }
      #expect(epoch.sorted() == Array(0..<rows))
    }
  }

  @Test func theKeyAloneDecidesTheOrder() {
    func stream(_ key: KeyWords) -> [[Int]] {
      var batches = Batches(rowCount: 100, batchSize: 32, key: key)
      return (0..<10).map { _ in batches.next() }
    }
    #expect(stream(key) == stream(key))
    #expect(stream(key) != stream(KeyWords(seed: 2027)))
    #expect(Shuffle.order(count: 100, key: key, epoch: 0) != Shuffle.order(count: 100, key: key, epoch: 1))
    #expect(Shuffle.order(count: 8, key: KeyWords(0, 42), epoch: 0) == [3, 7, 6, 1, 4, 5, 2, 0])
  }

  @Test(arguments: [Batches.Remainder.straddles, .endsShort]) func resumingMidEpochEqualsTheUninterruptedRun(_ remainder: Batches.Remainder)
  {
    for cut in 0..<12 {
      var whole = Batches(rowCount: 23, batchSize: 5, key: key, remainder: remainder)
      for _ in 0..<cut { _ = whole.next() }
      var resumed = Batches(rowCount: 23, batchSize: 5, position: whole.position, remainder: remainder)
      for _ in 0..<12 { #expect(whole.next() == resumed.next()) }
    }
  }

  /// Each row lands in each place equally often: chi-square over 6 x 6 cells with 25 degrees of freedom, 99.99 % point 57.
  @Test func ordersAreUniform() {
    let epochs = 6000
    var counts = [Double](repeating: 0, count: 36)
    for epoch in 0..<epochs {
      for (place, row) in Shuffle.order(count: 6, key: key, epoch: epoch).enumerated() { counts[place * 6 + row] += 1 }
    }
    let expected = Double(epochs) / 6
    let chiSquare = counts.map { ($0 - expected) * ($0 - expected) / expected }.reduce(0, +)
    #expect(chiSquare < 57)
  }

  @Test func batchesGatherTheirRows() {
    let split = DataSplit(
      x: HostArray((0..<12).map(Float.init), shape: [6, 2]), y: HostArray([10, 11, 12, 13, 14, 15].map(Int32.init)),
      more: ["row": HostArray([0, 1, 2, 3, 4, 5].map(Int32.init)), "cov": HostArray([Double](repeating: 0, count: 36), shape: [6, 6])])
    var batches = Batches(rowCount: 6, batchSize: 4, key: key)
    let rows = Batches(rowCount: 6, batchSize: 4, key: key).firstRows()
    let batch = batches.next(from: split)
    #expect(batch.x.shape == [4, 2])
    #expect(batch.x.values(as: Float.self) == rows.flatMap { [Float($0 * 2), Float($0 * 2 + 1)] })
    #expect(batch.y?.values(as: Int32.self) == rows.map { Int32($0 + 10) })
    #expect(batch.more["row"]?.values(as: Int32.self) == rows.map(Int32.init))
    #expect(batch.more["cov"] == nil)
  }

  @Test func hostArraysSelectCastAndFind() {
    let array = HostArray([1.5, .nan, 3, 4, 5, 6], shape: [3, 2])
    #expect(array.firstNonFinite == 1)
    #expect(array.rows(1..<3).values(as: Double.self) == [3, 4, 5, 6])
    #expect(array.rows([2, 0]).doubles[0] == 5)
    #expect(HostArray([UInt8(0), 255]).cast(to: .float32).values(as: Float.self) == [0, 255])
    #expect(HostArray([0.1]).cast(to: .float32).values(as: Float.self) == [Float(0.1)])
    #expect(HostArray([true, false]).doubles == [1, 0])
    #expect("\(array)" == "float64[3, 2]")
  }
}

extension Batches {
  fileprivate func firstRows() -> [Int] {
    var copy = self
    return copy.next()
  }
}
