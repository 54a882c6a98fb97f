import CZLIB
import DataIO
import Dispatch
import HDF5

/// One epoch of shuffled minibatches of 512 rows.
enum StreamRate {
  static func measure(_ path: String, threads: Int) throws {
    var bytes = 0
    var touched: UInt64 = 0
    var stalls = 0.0
    let elapsed = try seconds {
      let stream = try RowStream(contentsOf: path, batchSize: 512, position: BatchPosition(key: KeyWords(seed: 1)), threads: threads)
      while stream.position.epoch == 0 && stream.position.cursor < stream.rowCount {
        let batch = try stream.next()
        bytes += batch.x.bytes.count
        touched &+= UInt64(batch.x.bytes[batch.x.bytes.count / 2])
      }
      stalls = stream.stallSeconds
    }
    report("seconds", elapsed)
    report("megabytes_per_second", Double(bytes) / elapsed / 1e6)
    report("stall_seconds", stalls)
    report("peak_mebibytes", peakMemory())
    print("library", Inflate.libraryName, "checksum", touched)
  }
}

/// What zlib alone needs to inflate the chunks of `/train/x`, read into memory before.
enum InflateRate {
  static func measure(_ path: String, threads: Int) throws {
    let x = try File.open(path).root.dataset("train/x")
    guard let chunk = try x.chunkShape() else { fatalError("\(path): /train/x is not in chunks") }
    let size = chunk.reduce(4, *)
    var total = 0.0
    var bytes = 0
    // A gigabyte at once would measure the memory too: 64 chunks in turn.
    var starts = Array(stride(from: 0, to: x.shape[0], by: chunk[0]))[...]
    while !starts.isEmpty {
      let group = starts.prefix(64)
      starts = starts.dropFirst(64)
      let stored = try group.map { start in
        var raw: [UInt8] = []
        _ = try x.readRawChunk(at: [start, 0], into: &raw, limit: size * 2)
        return raw
      }
      let outputs = (0..<threads).map { _ in Memory(size) }
      total += seconds {
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
          for index in stride(from: thread, to: stored.count, by: threads) {
            var length = uLongf(size)
            let status = uncompress(outputs[thread].pointer, &length, stored[index], uLong(stored[index].count))
            precondition(status == Z_OK && length == uLongf(size), "a chunk does not inflate: \(status)")
          }
        }
      }
      bytes += group.count * size
    }
    report("seconds", total)
    report("megabytes_per_second", Double(bytes) / total / 1e6)
  }

  final class Memory: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<UInt8>
    init(_ count: Int) { pointer = .allocate(capacity: count) }
    deinit { pointer.deallocate() }
  }
}
