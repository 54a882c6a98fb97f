import Autodiff
import HGF
import Probability

/// A law of the line or the plane with as many points as are asked for, and its density where it has one.
struct ToyLaw: Sendable {
  let name: ToyDataSection.Name
  let dtype: DType

  var dimension: Int { name == .twoModes ? 1 : 2 }

  /// Standard deviation of a coordinate.
  var scale: Double {
    switch name {
    case .twoModes: 2.2
    case .fourCorners: 4.25.squareRoot()
    case .checkerboard: (16.0 / 3).squareRoot()
    }
  }

  /// The density, for mixtures.
  var mixture: GaussianMixture? {
    switch name {
    case .twoModes:
      GaussianMixture(
        logWeights: log(Tensor([0.4, 0.6], dtype: dtype)), means: Tensor([-2, 2], shape: [2, 1], dtype: dtype),
        standardDeviations: .ones([2, 1], dtype: dtype))
    case .fourCorners: GaussianMixture(means: [[2, 2], [-2, 2], [2, -2], [-2, -2]], standardDeviation: 0.5, dtype: dtype)
    case .checkerboard: nil
    }
  }

  /// `[count, dimension]`
  func sample(_ count: Int, key: Key) -> Tensor {
    mixture?.sample(count, key: key) ?? PlanarData.checkerboard.sample(count, key: key, dtype: dtype)
  }
}
