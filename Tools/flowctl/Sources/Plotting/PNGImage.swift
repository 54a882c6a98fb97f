/// An image of 256 colours, written as PNG with stored (uncompressed) deflate blocks: no dependency, and small enough for a report.
struct PNGImage {
  let width: Int
  let height: Int
  /// Palette indices, `[height, width]`, the top row first.
  let pixels: [UInt8]
  /// Red, green, blue of each index.
  let palette: [(UInt8, UInt8, UInt8)]

  var bytes: [UInt8] {
    var header = bigEndian(UInt32(width)) + bigEndian(UInt32(height))
    header += [8, 3, 0, 0, 0]
    var scanlines: [UInt8] = []
    scanlines.reserveCapacity(height * (width + 1))
    for row in 0..<height {
      scanlines.append(0)
      scanlines += pixels[row * width..<(row + 1) * width]
    }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
      + chunk("PLTE", palette.flatMap { [$0.0, $0.1, $0.2] }) + chunk("IDAT", zlibStored(scanlines)) + chunk("IEND", [])
  }

  private func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return bigEndian(UInt32(data.count)) + body + bigEndian(Checksum.crc32(body))
  }

  private func zlibStored(_ data: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let count = min(65535, data.count - start)
      let isLast: UInt8 = start + count == data.count ? 1 : 0
      let (low, high) = (UInt8(count & 255), UInt8(count >> 8))
      result += [isLast, low, high, ~low, ~high]
      result += data[start..<start + count]
      start += count
    } while start < data.count
    return result + bigEndian(Checksum.adler32(data))
  }

  private func bigEndian(_ value: UInt32) -> [UInt8] {
    [
      UInt8(truncatingIfNeeded: value >> 24), UInt8(truncatingIfNeeded: value >> 16), UInt8(truncatingIfNeeded: value >> 8),
      UInt8(truncatingIfNeeded: value),
    ]
  }
}

/// The checksums of PNG (ISO 3309) and zlib (RFC 1950).
enum Checksum {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }

  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(0xFFFF_FFFF) { table[Int(($0 ^ UInt32($1)) & 255)] ^ ($0 >> 8) }
  }

  static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return b << 16 | a
  }
}
