import DataIO
import HDF5

/// The format of weights that most Python libraries read: the length of a JSON header, the header, and the numbers, little-endian.
enum Safetensors {
  private static let types: [(name: String, type: ElementType)] = [
    ("F32", .float32), ("F64", .float64), ("I8", .int8), ("I16", .int16), ("I32", .int32), ("I64", .int64), ("U8", .uint8),
    ("U16", .uint16), ("U32", .uint32), ("U64", .uint64), ("BOOL", .bool),
  ]
  private static let facts = "__metadata__"

  /// The contents of a file with the arrays in the order given; the numbers begin at a multiple of 8 bytes.
  static func contents(_ arrays: [(name: String, array: HostArray)], facts: [(name: String, value: String)]) throws -> [UInt8] {
    var members: [JSONMember] = []
    if !facts.isEmpty {
      let entries = facts.map { JSONMember(name: $0.name, value: .text($0.value)) }
      members.append(JSONMember(name: Safetensors.facts, value: .object(entries)))
    }
    var offset = 0
    for (name, array) in arrays {
      guard name != Safetensors.facts else { throw UserError.failure("an array named \(name) cannot be written as safetensors; rename it") }
      let end = offset + array.bytes.count
      members.append(
        JSONMember(
          name: name,
          value: .record([
            "dtype": .text(types.first { $0.type == array.elementType }!.name), "shape": .list(array.shape.map { .integer($0) }),
            "data_offsets": .list([.integer(offset), .integer(end)]),
          ])))
      offset = end
    }
    var header = Array(JSONValue.object(members).compact.utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    return arrays.reduce(into: length + header) { $0 += $1.array.bytes }
  }

  /// The arrays of a file in the order of its header. Offsets must tile the numbers without gaps, as the format demands.
  static func read(_ contents: [UInt8], file: String) throws -> (
    arrays: [(name: String, array: HostArray)], facts: [(name: String, value: String)]
  ) {
    guard contents.count >= 8 else { throw damaged(file, "\(contents.count) bytes", "a header") }
    let length = contents[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= 100_000_000, Int(length) <= contents.count - 8 else {
      throw damaged(file, "a header of \(length) bytes", "one inside the file")
    }
    let start = 8 + Int(length)
    guard let text = String(validating: contents[8..<start], as: UTF8.self), let header = try? JSONParser.parse(text),
      let members = header.members
    else { throw damaged(file, "a header that is not a JSON object", "one") }
    var arrays: [(name: String, array: HostArray)] = []
    var facts: [(name: String, value: String)] = []
    var ranges: [Range<Int>] = []
    for member in members {
      if member.name == Safetensors.facts {
        facts = (member.value.members ?? []).compactMap { entry in entry.value.text.map { (entry.name, $0) } }
        continue
      }
      let (range, array) = try entry(member, contents[start...], file)
      ranges.append(range)
      arrays.append((member.name, array))
    }
    var end = 0
    for range in ranges.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
      guard range.lowerBound == end else { throw damaged(file, "arrays that overlap or leave a gap at byte \(end)", "none") }
      end = range.upperBound
    }
    guard end == contents.count - start else { throw damaged(file, "\(contents.count - start) bytes of numbers", "\(end)") }
    return (arrays, facts)
  }

  private static func entry(_ member: JSONMember, _ numbers: ArraySlice<UInt8>, _ file: String) throws -> (Range<Int>, HostArray) {
    let place = "'\(member.name)'"
    guard let dtype = member.value["dtype"]?.text, let type = types.first(where: { $0.name == dtype })?.type else {
      throw damaged(
        file, "the type \(member.value["dtype"]?.text ?? "nothing") of \(place)", "one of \(types.map(\.name).joined(separator: ", "))")
    }
    guard let extents = member.value["shape"]?.list?.map({ $0.integer ?? -1 }), extents.allSatisfy({ $0 >= 0 }), extents.count <= 32,
      let count = elementCount(of: extents), !count.multipliedReportingOverflow(by: type.byteCount).overflow
    else { throw damaged(file, "the shape of \(place)", "a list of counts") }
    guard let offsets = member.value["data_offsets"]?.list?.map({ $0.integer ?? -1 }), offsets.count == 2, offsets[0] >= 0,
      offsets[0] <= offsets[1], offsets[1] <= numbers.count, offsets[1] - offsets[0] == count * type.byteCount
    else { throw damaged(file, "the place of \(place)", "\(count * type.byteCount) bytes inside the file") }
    let bytes = Array(numbers[numbers.startIndex + offsets[0]..<numbers.startIndex + offsets[1]])
    if type == .bool, bytes.contains(where: { $0 > 1 }) { throw damaged(file, "a boolean other than 0 and 1 in \(place)", "0 or 1") }
    return (offsets[0]..<offsets[1], HostArray(elementType: type, shape: extents, bytes: bytes))
  }

  private static func damaged(_ file: String, _ found: String, _ expected: String) -> DataFileError {
    DataFileError(.damaged, file: file, found: found, expected: expected, remedy: "get the file again")
  }
}
