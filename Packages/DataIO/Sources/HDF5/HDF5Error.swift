import CHDF5

/// Where in which file: `run/latest.h5:/model/weight`.
public struct Location: Sendable, Equatable, CustomStringConvertible {
  public var file: String
  public var object: String

  public init(file: String, object: String = "/") {
    self.file = file
    self.object = object
  }

  public var description: String { object == "/" ? file : "\(file):\(object)" }
}

/// What went wrong with an HDF5 file, in one sentence.
public enum HDF5Error: Error, Sendable, Equatable, CustomStringConvertible {
  /// No file at that path.
  case missingFile(String)
  /// The operating system refused to open or read the file.
  case unreadable(String, reason: String)
  /// The file does not start with an HDF5 signature.
  case notHDF5(String, reason: String)
  /// The file is shorter than its superblock says.
  case truncated(String, found: Int, expected: Int)
  /// No group, dataset or attribute of that name.
  case missing(Location, available: [String])
  /// The stored type is not the requested one and does not widen to it without loss.
  case wrongType(Location, found: String, expected: String)
  /// The stored shape, or the selection in it, does not fit the request.
  case wrongShape(Location, found: [Int], expected: String)
  /// The file uses something that is never read: links out of the file, virtual datasets, shape bombs.
  case refused(Location, reason: String)
  /// A call of the C library failed; `reason` is its error stack folded into one clause.
  case failed(String, Location, reason: String)

  public var description: String {
    switch self {
    case .missingFile(let path):
      "\(path): no such file; check the path"
    case .unreadable(let path, let reason):
      "\(path): cannot be read (\(reason)); check the permissions"
    case .notHDF5(let path, let reason):
      "\(path): not an HDF5 file (\(reason)); expected the HDF5 signature at its start"
    case .truncated(let path, let found, let expected):
      "\(path): truncated, \(found) of \(expected) bytes are there; copy the file again or use an older one"
    case .missing(let location, let available):
      "\(location): not in the file; "
        + (available.isEmpty ? "its group is empty" : "its group holds \(available.prefix(12).joined(separator: ", "))")
    case .wrongType(let location, let found, let expected):
      "\(location): stored as \(found), expected \(expected)"
    case .wrongShape(let location, let found, let expected):
      "\(location): shape \(found), expected \(expected)"
    case .refused(let location, let reason):
      "\(location): refused, \(reason)"
    case .failed(let action, let location, let reason):
      "\(location): could not \(action): \(reason)"
    }
  }
}

/// Throws the folded error stack when `status` is negative. Call with the lock held.
@discardableResult
func check<Status: SignedInteger>(_ status: Status, _ action: String, _ location: Location) throws -> Status {
  if status < 0 { throw HDF5Error.failed(action, location, reason: foldedErrorStack()) }
  return status
}

/// The outermost and the innermost message of the thread's HDF5 error stack, which is then cleared.
func foldedErrorStack() -> String {
  final class Messages { var texts: [String] = [] }
  let messages = Messages()
  _ = H5Ewalk2(
    chdf5_error_stack(), H5E_WALK_DOWNWARD,
    { _, entry, context in
      if let text = entry?.pointee.desc, let context {
        Unmanaged<Messages>.fromOpaque(context).takeUnretainedValue().texts.append(String(cString: text))
      }
      return 0
    }, Unmanaged.passUnretained(messages).toOpaque())
  _ = H5Eclear2(chdf5_error_stack())
  let texts = messages.texts.filter { !$0.isEmpty }
  guard let outer = texts.first, let inner = texts.last else { return "the HDF5 library gave no reason" }
  return outer == inner ? outer : "\(outer), because \(inner)"
}
