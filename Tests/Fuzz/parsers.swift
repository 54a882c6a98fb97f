import Foundation
import HDF5

@testable import DataIO

/// libFuzzer's entry: hands bytes to the parser that FUZZ_PARSER names. An error is right; a trap is a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  do { try parser(bytes) } catch {}
  return 0
}

private let parser: @Sendable ([UInt8]) throws -> Void = {
  switch ProcessInfo.processInfo.environment["FUZZ_PARSER"] {
  case "idx": { _ = try IDX.read($0, file: "f") }
  case "npy": { _ = try NPY.read($0, file: "f") }
  case "npz": { _ = try NPZ.read($0, file: "f") }
  case "csv": { _ = try CSVTable.read($0, file: "f") }
  case "safetensors": { _ = try Safetensors.read($0, file: "f") }
  case "recipe": { _ = try JSONParser.parse(String(decoding: $0, as: UTF8.self)) }
  case "rows-idx": { compare($0, try IDX.read($0, file: "f")) { try FileRows.idx(input, name: "f") } }
  case "rows-npy": { compare($0, try NPY.read($0, file: "f")) { try rowsOfNumPy() } }
  case "rows-npz": { compareMembers($0) }
  case "rows-csv": { compare($0, try table($0)) { try TableRows(input, name: "f") } }
  case let other:
    fatalError(
      "FUZZ_PARSER is \(other ?? "not set"); give idx, npy, npz, csv, safetensors, recipe, rows-idx, rows-npy, rows-npz, or rows-csv")
  }
}()

// The readers that take a file row by row have to give what those of whole files give.

private let folder = ProcessInfo.processInfo.environment["FUZZ_FOLDER"] ?? "/tmp"
private let input = "\(folder)/input-\(getpid())"

/// Through windows smaller than the array, so that columns are put in order on disk.
private func rowsOfNumPy() throws -> any RowSource {
  try FileRows.numPy(try InputBytes(input, name: "f"), path: input, scratchFolder: folder, windowByteCount: 16)
}

private func put(_ bytes: [UInt8]) {
  let descriptor = open(input, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  precondition(descriptor >= 0 && write(descriptor, bytes, bytes.count) == bytes.count, "cannot write \(input)")
  close(descriptor)
}

private func table(_ bytes: [UInt8]) throws -> HostArray {
  let table = try CSVTable.read(bytes, file: "f")
  return HostArray(table.values, shape: [table.rowCount, table.columnCount])
}

private func all(_ source: any RowSource, _ piece: Int) throws -> HostArray {
  var (bytes, count): ([UInt8], Int) = ([], 0)
  while let part = try source.next(piece) {
    bytes += part.bytes
    count += part.rowCount
  }
  return HostArray(elementType: source.elementType, shape: [count] + source.rowShape, bytes: bytes)
}

/// What has no axis, or rows without numbers or of more than 64 MiB, is refused row by row.
private func hasRows(_ array: HostArray) -> Bool {
  !array.shape.isEmpty && (1...64 << 20).contains(array.rowLength * array.elementType.byteCount)
}

private func compare(_ bytes: [UInt8], _ whole: @autoclosure () throws -> HostArray, _ open: () throws -> any RowSource) {
  put(bytes)
  let expected = try? whole()
  let found = try? all(open(), 1 + bytes.count % 5)
  if let expected, !hasRows(expected) { return }
  precondition(found == expected, "row by row \(found.map { "\($0)" } ?? "an error"), as a whole \(expected.map { "\($0)" } ?? "an error")")
}

private func compareMembers(_ bytes: [UInt8]) {
  put(bytes)
  let whole = try? NPZ.read(bytes, file: "f")
  guard let archive = try? NPZArchive(input, name: "f") else {
    precondition(whole == nil, "an archive that is read as a whole only")
    return
  }
  for name in archive.names {
    let found = try? all(archive.rows(of: name, scratchFolder: folder), 1 + bytes.count % 5)
    guard let expected = whole?[name] else { continue }
    precondition(!hasRows(expected) || found == expected, "member \(name): row by row \(found.map { "\($0)" } ?? "an error")")
  }
}
