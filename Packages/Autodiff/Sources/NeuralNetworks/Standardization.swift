import Autodiff

/// `(x - mean)/sqrt(variance + ε)` with the moments over `axes`, which keep extent 1.
func standardized(_ x: Tensor, over axes: [Int], epsilon: Double) -> (value: Tensor, mean: Tensor, variance: Tensor) {
  let mean = x.mean(axes: axes, keepingDimensions: true)
  let centered = x - mean
  let variance = square(centered).mean(axes: axes, keepingDimensions: true)
  return (centered * rsqrt(variance + epsilon), mean, variance)
}

/// `[channels]` shaped to broadcast along axis 1 of a tensor of rank `rank`.
func alongChannels(_ x: Tensor, rank: Int) -> Tensor { x.reshaped([x.count] + [Int](repeating: 1, count: rank - 2)) }
