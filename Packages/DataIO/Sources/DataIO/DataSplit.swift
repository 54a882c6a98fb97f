/// Rows of a data set: what is modelled, and what belongs to each row.
public struct DataSplit: Sendable, Equatable {
  /// `[N, ...]`.
  public var x: HostArray
  /// Labels or targets, `[N]` or `[N, 1]`.
  public var y: HostArray?
  /// Other arrays of the split, such as `y_err` or `row`; those with N rows follow a selection of rows.
  public var more: [String: HostArray]

  public init(x: HostArray, y: HostArray? = nil, more: [String: HostArray] = [:]) {
    self.x = x
    self.y = y
    self.more = more
  }

  public var rowCount: Int { x.rowCount }

  /// The rows of `indices`, in that order; arrays that are not one row per sample, such as a covariance, are left out.
  public func rows(_ indices: [Int]) -> DataSplit {
    let perRow = more.filter { name, array in array.shape.first == rowCount && name != "cov" }
    return DataSplit(x: x.rows(indices), y: y?.rows(indices), more: perRow.mapValues { $0.rows(indices) })
  }
}
