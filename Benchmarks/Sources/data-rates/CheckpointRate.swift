import DataIO
import Foundation
import HDF5

/// A checkpoint of large layers beside a plain file of the same bytes, in turn; the best of five.
enum CheckpointRate {
  static func measure(in folder: String, megabytes: Int) throws {
    let layer = [Float](unsafeUninitializedCapacity: 2 << 20) { buffer, count in
      for index in buffer.indices { buffer[index] = Float(index) * 1e-3 }
      count = buffer.count
    }
    let layers = max(1, megabytes * 1_000_000 / (layer.count * 4))
    let arrays = (0..<layers).map { StoredArray(path: "layers.\($0).weight", array: HostArray(layer, shape: [1024, 2048])) }
    let checkpoint = CheckpointFile(provenance: Provenance(software: "data-rates", softwareVersion: "1"), model: arrays)
    let path = folder + "/data-rates.h5"
    let plain = folder + "/data-rates.bin"
    defer { for name in [path, plain] { try? FileManager.default.removeItem(atPath: name) } }
    try checkpoint.write(to: path)
    let image = try Data(contentsOf: URL(fileURLWithPath: path))
    var best = [String: Double]()
    func keep(_ name: String, _ value: Double) { best[name] = min(best[name] ?? .infinity, value) }
    for _ in 0..<5 {
      keep("plain_write_seconds", try seconds { try writePlain(image, to: plain) })
      keep("write_seconds", try seconds { try checkpoint.write(to: path) })
      keep("plain_read_seconds", try seconds { _ = try readPlain(plain) })
      keep("read_seconds", try seconds { _ = try CheckpointFile(contentsOf: path) })
      try measureStall(checkpoint, path, keep)
    }
    report("megabytes", Double(image.count) / 1e6)
    for (name, value) in best.sorted(by: { $0.key < $1.key }) { report(name, value) }
    report("write_ratio", best["write_seconds"]! / best["plain_write_seconds"]!)
    report("read_ratio", best["read_seconds"]! / best["plain_read_seconds"]!)
  }

  /// How long a step loop is held by a checkpoint that is written meanwhile, as a fraction of the write.
  private static func measureStall(_ checkpoint: CheckpointFile, _ path: String, _ keep: (String, Double) -> Void) throws {
    let writer = CheckpointWriter()
    let held = try seconds { try writer.submit { try checkpoint.write(to: path) } }
    try writer.finish()
    keep("stall_fraction", held / writer.seconds.written)
  }

  private static func writePlain(_ image: Data, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    precondition(descriptor >= 0, "cannot write \(path)")
    defer { close(descriptor) }
    image.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = write(descriptor, bytes.baseAddress! + done, min(bytes.count - done, 1 << 26))
        precondition(count > 0, "cannot write \(path)")
        done += count
      }
    }
    precondition(fsync(descriptor) == 0, "cannot flush \(path)")
  }

  private static func readPlain(_ path: String) throws -> Int {
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    lseek(descriptor, 0, SEEK_SET)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      while initialized < size {
        let count = read(descriptor, buffer.baseAddress! + initialized, min(size - initialized, 1 << 26))
        precondition(count > 0, "cannot read \(path)")
        initialized += count
      }
    }
    return bytes.count
  }
}
