import CHDF5

/// Chosen elements in a chosen order, an index per axis each; an element may come twice.
public struct PointSelection: Sendable, Equatable {
  public var points: [[Int]]

  public init(_ points: [[Int]]) { self.points = points }
}

extension Dataset {
  /// The elements at `points`, in that order, widened to `E` where that loses nothing.
  public func read<E: Element>(_ type: E.Type = E.self, at points: PointSelection) throws -> [E] {
    try Library.synchronized(handle) { scope, id in
      guard !points.points.isEmpty else { return [] }
      let storedID = try scope.keep(H5Dget_type(id), H5Tclose, "read the type", location)
      let memory = try memoryType(for: E.elementType, stored: stored, storedID: storedID, location)
      let (memorySpace, fileSpace) = try spaces(points, id, &scope)
      return try readElements(count: points.points.count, location) {
        H5Dread(id, memory, memorySpace, fileSpace, chdf5_default(), $0)
      }
    }
  }

  /// Writes `values` to the elements at `points`.
  public func write<E: Element>(_ values: [E], at points: PointSelection) throws {
    guard values.count == points.points.count else {
      throw HDF5Error.wrongShape(location, found: [points.points.count], expected: "\(values.count) points, as many as values")
    }
    guard elementType == E.elementType || (E.elementType == .bool && elementType == .uint8) else {
      throw HDF5Error.wrongType(location, found: typeDescription, expected: E.elementType.rawValue)
    }
    guard !values.isEmpty else { return }
    try Library.synchronized(handle) { scope, id in
      let (memory, file) = try spaces(points, id, &scope)
      try check(H5Dwrite(id, E.elementType.native, memory, file, chdf5_default(), values), "write", location)
    }
  }

  /// Call with the lock held.
  private func spaces(_ selection: PointSelection, _ id: hid_t, _ scope: inout Scope) throws -> (memory: hid_t, file: hid_t) {
    for point in selection.points {
      guard point.count == shape.count, zip(point, shape).allSatisfy({ $0 >= 0 && $0 < $1 }) else {
        throw HDF5Error.wrongShape(location, found: shape, expected: "room for an element at \(point)")
      }
    }
    let file = try scope.keep(H5Dget_space(id), H5Sclose, "read the shape", location)
    let coordinates = selection.points.flatMap { $0.map { hsize_t($0) } }
    if !shape.isEmpty {
      try check(
        H5Sselect_elements(file, H5S_SELECT_SET, selection.points.count, coordinates), "select \(selection.points.count) elements", location
      )
    }
    return (try makeSpace([selection.points.count], &scope, location), file)
  }
}
