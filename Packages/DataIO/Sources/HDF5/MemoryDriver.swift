import CHDF5

/// The lowest layer of the C library, as it asks for it: a file that lies in a `FileImage`.
enum MemoryDriver {
  /// Lets the next file be created in memory. Call with the lock held.
  static func use(in access: hid_t, _ location: Location) throws {
    try check(identifier, "register a driver", location)
    try check(H5Pset_driver(access, identifier, nil), "keep the file in memory", location)
  }

  /// The image of an open file. Call with the lock held.
  static func image(of file: hid_t, _ location: Location) throws -> FileImage {
    var place: UnsafeMutableRawPointer?
    try check(H5Fget_vfd_handle(file, chdf5_default(), &place), "find the file's bytes", location)
    guard chdf5_driver(file) == identifier, let place else { throw HDF5Error.refused(location, reason: "it does not lie in memory") }
    return Unmanaged<FileImage>.fromOpaque(place).takeUnretainedValue()
  }

  /// Of the driver in the library; registered once, under the lock.
  private static let identifier: hid_t = {
    let table = UnsafeMutablePointer<H5FD_class_t>.allocate(capacity: 1)
    table.initialize(to: H5FD_class_t())
    chdf5_describe_driver(table)
    table.pointee.open = { _, _, _, _ in
      let file = UnsafeMutableRawPointer.allocate(byteCount: Record.byteCount, alignment: 16)
      file.initializeMemory(as: UInt8.self, repeating: 0, count: Record.byteCount)
      file.storeBytes(
        of: Unmanaged.passRetained(FileImage()).toOpaque(), toByteOffset: Record.imageOffset, as: UnsafeMutableRawPointer.self)
      return file.assumingMemoryBound(to: H5FD_t.self)
    }
    table.pointee.close = { file in
      Record.image(file!).release()
      UnsafeMutableRawPointer(file!).deallocate()
      return 0
    }
    table.pointee.get_eoa = { file, _ in haddr_t(Record.image(file!).takeUnretainedValue().end) }
    table.pointee.set_eoa = { file, _, end in
      Record.image(file!).takeUnretainedValue().end = Int(end)
      return 0
    }
    table.pointee.get_eof = { file, _ in haddr_t(Record.image(file!).takeUnretainedValue().writtenEnd) }
    table.pointee.get_handle = { file, _, handle in
      handle!.pointee = Record.image(file!).toOpaque()
      return 0
    }
    table.pointee.read = { file, _, _, address, count, target in
      Record.image(file!).takeUnretainedValue().read(target!, count, at: Int(address)) ? 0 : -1
    }
    table.pointee.write = { file, _, _, address, count, bytes in
      Record.image(file!).takeUnretainedValue().write(bytes!, count, at: Int(address)) ? 0 : -1
    }
    return H5FDregister(table)
  }()

  /// What the library calls a file: its own fields, and after them the address of the image.
  private enum Record {
    static let imageOffset = (MemoryLayout<H5FD_t>.size + 15) & ~15
    static let byteCount = imageOffset + 16

    static func image(_ file: UnsafePointer<H5FD_t>) -> Unmanaged<FileImage> {
      .fromOpaque(UnsafeRawPointer(file).load(fromByteOffset: imageOffset, as: UnsafeMutableRawPointer.self))
    }
  }
}
