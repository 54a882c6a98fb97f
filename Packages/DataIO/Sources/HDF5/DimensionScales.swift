import CHDF5

/// Dimension scales: a dataset that holds the coordinates of another's axis, as netCDF and xarray know them.
extension Dataset {
  /// Declares this dataset a scale named `name`.
  public func makeScale(named name: String) throws {
    try Library.synchronized(handle) { _, id in _ = try check(H5DSset_scale(id, name), "make a dimension scale", location) }
  }

  /// Whether the dataset is the scale of an axis.
  public func isScale() throws -> Bool {
    try Library.synchronized(handle) { _, id in try check(H5DSis_scale(id), "look for a dimension scale", location) > 0 }
  }

  /// Lets `scale` hold the coordinates of `axis`.
  public func attach(_ scale: Dataset, to axis: Int) throws {
    try Library.synchronized(handle) { _, id in
      _ = try withExtendedLifetime(scale.handle) {
        try check(H5DSattach_scale(id, scale.handle.id, UInt32(axis)), "attach a dimension scale to axis \(axis)", location)
      }
    }
  }

  /// The number of scales of `axis`.
  public func scaleCount(of axis: Int) throws -> Int {
    try Library.synchronized(handle) { _, id in
      Int(try check(H5DSget_num_scales(id, UInt32(axis)), "count the dimension scales of axis \(axis)", location))
    }
  }

  /// Whether `scale` holds the coordinates of `axis`.
  public func isAttached(_ scale: Dataset, to axis: Int) throws -> Bool {
    try Library.synchronized(handle) { _, id in
      try withExtendedLifetime(scale.handle) {
        try check(H5DSis_attached(id, scale.handle.id, UInt32(axis)), "look for a dimension scale", location) > 0
      }
    }
  }
}
