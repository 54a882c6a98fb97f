import Foundation
import Testing

@testable import FlowctlKit

@Suite struct EventFileTests {
  /// What TensorBoard's own code writes for the same events: `Golden/write_event_file.py`.
  private static let stored = [
    "1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9300000000000000095f5d05f0900001040fc54d9",
    "4110012a230a0b0a046c6f7373150000003f0a140a0d6772616469656e745f6e6f726d156f12833ac78f4a8c31000000000000009d8383e909000010",
    "40fc54d94110ac022a230a0b0a046c6f737315000000c00a140a0d6772616469656e745f6e6f726d150000807fa4fa3b03100000000000000095fbfe",
    "180900001040fc54d94110ad023a020801cb79b93b31000000000000009d8383e90900001040fc54d94110ad022a230a0b0a046c6f73731500005040",
    "0a140a0d6772616469656e745f6e6f726d150000e0401aeac07f",
  ].joined()

  private func hexadecimal(_ path: String) throws -> String {
    try FileAccess.readBytes(path).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private func open(_ path: String, after step: Int) throws -> EventFile {
    try EventFile(path: path, metricNames: ["loss", "gradient_norm"], after: step, clock: { 1_700_000_000.25 })
  }

  @Test func bytesAreThoseOfTensorBoard() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/metrics.tfevents"
    let file = try open(path, after: 0)
    try file.append(step: 1, values: [0.5, 1e-3])
    try file.append(step: 300, values: [-2, .infinity])
    let before = try FileAccess.readBytes(path)
    // What a power cut leaves of a record that was on its way.
    try OutputFile(path: path, flags: O_WRONLY | O_APPEND, shownAs: path).write(Array(before.suffix(30)))
    try open(path, after: 300).append(step: 301, values: [3.25, 7])
    #expect(try hexadecimal(path) == EventFileTests.stored)
    try open(path, after: 0).append(step: 1, values: [0.5, 1e-3])
    #expect(try EventFileTests.stored.hasPrefix(hexadecimal(path)) && FileAccess.readBytes(path).count < before.count)
  }

  @Test func theChecksumIsThatOfTheStandard() {
    // RFC 3720, B.4: 32 bytes of zeros, of ones, and counting up; CRC-32C masked as TFRecord does.
    let sums: [([UInt8], UInt32)] = [
      (Array(repeating: 0, count: 32), 0x8A91_36AA), (Array(repeating: 255, count: 32), 0x62A8_AB43), (Array(0..<32), 0x46DD_794E),
    ]
    for (bytes, sum) in sums { #expect(EventRecord.maskedChecksum(bytes[...]) == (sum >> 15 | sum << 17) &+ 0xA282_EAD8) }
  }

  @Test func damagedRecordsEndTheFile() {
    let record = EventRecord.framed([1, 2, 3])
    #expect(EventRecord.wholeRecords(in: record + record) == 38)
    #expect(EventRecord.wholeRecords(in: record + record.dropLast()) == 19)
    for index in record.indices {
      var damaged = record
      damaged[index] ^= 4
      #expect(EventRecord.wholeRecords(in: record + damaged + record) == 19)
    }
  }
}
