import CHDF5

/// A regular selection: `count` points from `start` in steps of `stride` along each axis.
public struct Hyperslab: Sendable, Equatable {
  public var start: [Int]
  public var count: [Int]
  public var stride: [Int]

  public init(start: [Int], count: [Int], stride: [Int]? = nil) {
    self.start = start
    self.count = count
    self.stride = stride ?? Array(repeating: 1, count: start.count)
  }

  /// Whole rows of an array of `shape`, along the first axis.
  public init(rows: Range<Int>, of shape: [Int]) {
    self.init(
      start: [rows.lowerBound] + Array(repeating: 0, count: max(shape.count - 1, 0)),
      count: [rows.count] + shape.dropFirst())
  }

  /// Whether every selected point lies inside `shape`.
  func fits(in shape: [Int]) -> Bool {
    guard start.count == shape.count, count.count == shape.count, stride.count == shape.count else { return false }
    return shape.indices.allSatisfy { axis in
      guard start[axis] >= 0, count[axis] >= 0, stride[axis] >= 1 else { return false }
      guard count[axis] > 0 else { return start[axis] <= shape[axis] }
      let (span, overflow) = (count[axis] - 1).multipliedReportingOverflow(by: stride[axis])
      return !overflow && start[axis] < shape[axis] && span <= shape[axis] - 1 - start[axis]
    }
  }
}

/// The product of `shape`; nil where that of its axes that are not empty does not fit an `Int`.
public func elementCount(of shape: [Int]) -> Int? {
  var product = 1
  for extent in shape where extent != 0 {
    let (next, overflow) = product.multipliedReportingOverflow(by: extent)
    if overflow || extent < 0 { return nil }
    product = next
  }
  return shape.contains(0) ? 0 : product
}

/// Creates a dataspace of `shape`; the empty shape is a scalar. Call with the lock held.
func makeSpace(_ shape: [Int], extendable: Bool = false, _ scope: inout Scope, _ location: Location) throws -> hid_t {
  if shape.isEmpty { return try scope.keep(H5Screate(H5S_SCALAR), H5Sclose, "describe a scalar", location) }
  let extents = shape.map(hsize_t.init)
  var limits = extents
  if extendable { limits[0] = chdf5_unlimited() }
  return try scope.keep(
    H5Screate_simple(Int32(extents.count), extents, limits), H5Sclose, "describe the shape \(shape)", location)
}

/// The extents of an open dataspace. Call with the lock held.
func shape(ofSpace space: hid_t, _ location: Location) throws -> [Int] {
  guard H5Sget_simple_extent_type(space) != H5S_NULL else {
    throw HDF5Error.refused(location, reason: "a null dataspace holds no value")
  }
  let rank = try check(H5Sget_simple_extent_ndims(space), "read the shape", location)
  var extents = [hsize_t](repeating: 0, count: Int(rank))
  if rank > 0 { try check(H5Sget_simple_extent_dims(space, &extents, nil), "read the shape", location) }
  return try extents.map { extent in
    guard let value = Int(exactly: extent) else { throw HDF5Error.refused(location, reason: "an axis of \(extent) elements is absurd") }
    return value
  }
}

/// Selects `slab` in `space`. Call with the lock held.
func select(_ slab: Hyperslab, of shape: [Int], in space: hid_t, _ location: Location) throws {
  guard slab.fits(in: shape) else {
    throw HDF5Error.wrongShape(
      location, found: shape, expected: "room for \(slab.count) elements from \(slab.start) in steps of \(slab.stride)")
  }
  if slab.count.contains(0) {
    try check(H5Sselect_none(space), "select nothing", location)
  } else if !slab.count.isEmpty {
    let start = slab.start.map(hsize_t.init)
    let stride = slab.stride.map(hsize_t.init)
    let count = slab.count.map(hsize_t.init)
    try check(H5Sselect_hyperslab(space, H5S_SELECT_SET, start, stride, count, nil), "select \(slab.count) elements", location)
  }
}
