import Foundation

/// `metrics.tfevents`: the metrics as TensorBoard reads them, a TFRecord file of serialised `tensorflow.Event` messages.
///
/// A resumed run goes on in the same file after a start mark, at which readers drop the steps that are repeated.
package final class EventFile {
  private let file: OutputFile
  private let tags: [String]
  private let clock: () -> Double

  /// Opens the file for steps after `step`; half a record at its end, which a power cut may leave, is cut off. `clock`: seconds since 1970.
  package init(
    path: String, metricNames: [String], after step: Int, clock: @escaping () -> Double = { Date().timeIntervalSince1970 }
  ) throws(UserError) {
    tags = metricNames
    self.clock = clock
    let resumes = step > 0 && FileAccess.exists(path)
    let kept = resumes ? EventRecord.wholeRecords(in: try FileAccess.readBytes(path)) : 0
    file = try OutputFile(path: path, flags: O_WRONLY | O_CREAT | O_APPEND, shownAs: path)
    try file.truncate(to: kept)
    if kept == 0 { try append { $0.text(3, "brain.Event:2") } }
    if resumes {
      try append { event in
        event.varint(2, step + 1)
        event.message(7) { session in session.varint(1, 1) }
      }
    }
  }

  /// One scalar per metric, under its name.
  package func append(step: Int, values: [Double]) throws(UserError) {
    try append { event in
      event.varint(2, step)
      event.message(5) { summary in
        for (tag, value) in zip(tags, values) {
          summary.message(1) { scalar in
            scalar.text(1, tag)
            scalar.float(2, Float(value))
          }
        }
      }
    }
  }

  private func append(_ fill: (inout ProtocolMessage) -> Void) throws(UserError) {
    var event = ProtocolMessage()
    event.double(1, clock())
    fill(&event)
    try file.write(EventRecord.framed(event.bytes))
  }
}

/// The framing of TFRecord files: length, its checksum, the data, their checksum, all little-endian.
enum EventRecord {
  static func framed(_ data: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(data.count))
    return length + littleEndian(maskedChecksum(length[...])) + data + littleEndian(maskedChecksum(data[...]))
  }

  /// Bytes of the records at the start of a file that are whole.
  static func wholeRecords(in file: [UInt8]) -> Int {
    var end = 0
    while file.count - end >= 16 {
      let (length, data) = (file[end..<end + 8], end + 12)
      guard littleEndian(maskedChecksum(length)) == Array(file[end + 8..<data]) else { return end }
      let count = length.reversed().reduce(0) { $0 << 8 | Int($1) }
      guard file.count - data >= count + 4 else { return end }
      let body = file[data..<data + count]
      guard littleEndian(maskedChecksum(body)) == Array(file[data + count..<data + count + 4]) else { return end }
      end = data + count + 4
    }
    return end
  }

  /// CRC-32C (Castagnoli), turned and shifted as TFRecord wants it, so that checksums of checksums stay useful.
  static func maskedChecksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    let sum = ~bytes.reduce(0xFFFF_FFFF as UInt32) { table[Int(($0 ^ UInt32($1)) & 255)] ^ ($0 >> 8) }
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0x82F6_3B78 ^ (value >> 1) : value >> 1 }
  }
}

/// A protocol buffer in the making: fields with their numbers, in the order they are added.
struct ProtocolMessage {
  private(set) var bytes: [UInt8] = []

  /// A number of at least 0.
  mutating func varint(_ field: Int, _ value: Int) {
    tag(field, wireType: 0)
    appendVarint(value)
  }

  mutating func double(_ field: Int, _ value: Double) {
    tag(field, wireType: 1)
    bytes += littleEndian(value.bitPattern)
  }

  mutating func text(_ field: Int, _ value: String) { delimited(field, Array(value.utf8)) }

  mutating func message(_ field: Int, _ fill: (inout ProtocolMessage) -> Void) {
    var inner = ProtocolMessage()
    fill(&inner)
    delimited(field, inner.bytes)
  }

  mutating func float(_ field: Int, _ value: Float) {
    tag(field, wireType: 5)
    bytes += littleEndian(value.bitPattern)
  }

  private mutating func delimited(_ field: Int, _ content: [UInt8]) {
    tag(field, wireType: 2)
    appendVarint(content.count)
    bytes += content
  }

  private mutating func tag(_ field: Int, wireType: Int) { appendVarint(field << 3 | wireType) }

  private mutating func appendVarint(_ value: Int) {
    var rest = UInt64(value)
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
