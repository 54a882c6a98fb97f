import Autodiff

/// Group normalisation, `[batch, channels, ...] -> [batch, channels, ...]` (Wu and He 2018).
///
/// The moments are those of one example and one group of `channels/groups` channels, over all positions.
public struct GroupNorm: Layer {
  /// `[channels]`
  public var scale: Tensor
  /// `[channels]`
  public var shift: Tensor
  public let groups: Int
  public let epsilon: Double

  public init(groups: Int, channels: Int, epsilon: Double = 1e-5, dtype: DType = .float32) {
    require(
      groups > 0 && channels % groups == 0, "GroupNorm: \(channels) channels in \(groups) groups; give a number of groups that divides them"
    )
    scale = .ones([channels], dtype: dtype)
    shift = .zeros([channels], dtype: dtype)
    self.groups = groups
    self.epsilon = epsilon
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("scale", &scale)
    walker.parameter("shift", &shift)
    walker.setting("groups", groups)
    walker.setting("epsilon", epsilon)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireExtent(x, scale.count, axis: 1, rank: 2)
    let grouped = x.reshaped([x.shape[0], groups, x.shape.dropFirst().reduce(1, *) / groups])
    let value = standardized(grouped, over: [-1], epsilon: epsilon).value.reshaped(x.shape)
    return value * alongChannels(scale, rank: x.rank) + alongChannels(shift, rank: x.rank)
  }
}
