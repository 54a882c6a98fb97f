import Autodiff
import NeuralNetworks

extension HamiltonianProcess {
  /// Throws for training data that cannot be learned by this process; call it before training.
  ///
  /// `data` is `[rows, d]`, finite, with no constant feature, and inside of the box where there is one.
  public func validate(data: Tensor) throws(ConfigurationError) {
    guard data.rank == 2, data.shape[1] == dimension, data.dtype.isFloatingPoint else {
      throw ConfigurationError(
        path: "data", found: "a \(data.dtype.rawValue) array of shape \(data.shape)",
        expected: "floating-point rows [rows, \(dimension)]; flatten images, and put examples first")
    }
    let (rows, values) = (data.shape[0], data.doubles)
    guard rows > 1 else { throw ConfigurationError(path: "data", found: "\(rows) rows", expected: "two or more") }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw ConfigurationError(
        path: "data", found: "\(values[index]) in row \(index / dimension), feature \(index % dimension)", expected: "finite numbers")
    }
    for feature in 0..<dimension {
      let first = values[feature]
      guard stride(from: feature, to: values.count, by: dimension).contains(where: { values[$0] != first }) else {
        throw ConfigurationError(
          path: "data", found: "\(first) in all rows of feature \(feature)",
          expected: "features that vary: drop it, or add noise (dequantise) so that a density exists")
      }
    }
    try validateBox(values, rows)
  }

  private func validateBox(_ values: [Double], _ rows: Int) throws(ConfigurationError) {
    guard case .uniform(let lower, let upper) = terminal else { return }
    for index in values.indices {
      let (feature, value) = (index % dimension, values[index])
      guard lower[feature] <= value && value <= upper[feature] else {
        throw ConfigurationError(
          path: "force.box",
          found: "\(lower[feature]) to \(upper[feature]) in feature \(feature), with \(value) in row \(index / dimension)",
          expected: "a box that holds all data")
      }
    }
  }
}

/// Throws unless every label is an integer from 0 to `classes - 1`.
public func validate(labels: [Int], classes: Int, rows: Int) throws(ConfigurationError) {
  guard classes > 0 else { throw ConfigurationError(path: "classes", found: "\(classes)", expected: "a positive number") }
  guard labels.count == rows else {
    throw ConfigurationError(path: "labels", found: "\(labels.count) labels", expected: "one for each of the \(rows) rows")
  }
  if let row = labels.firstIndex(where: { !(0..<classes).contains($0) }) {
    throw ConfigurationError(path: "labels", found: "\(labels[row]) in row \(row)", expected: "integers from 0 to \(classes - 1)")
  }
}
