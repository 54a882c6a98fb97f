import DataIO
import Foundation

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
  case let other: fatalError("FUZZ_PARSER is \(other ?? "not set"); give idx, npy, npz, csv, safetensors, or recipe")
  }
}()
