import Autodiff

/// Whether the elements are `expected`, to `tolerance` relative to the larger of 1 and themselves.
func isClose(_ x: Tensor, _ expected: [Double], _ tolerance: Double = 1e-12) -> Bool { isClose(x.doubles, expected, tolerance) }

func isClose(_ x: [Double], _ expected: [Double], _ tolerance: Double = 1e-12) -> Bool {
  x.count == expected.count && zip(x, expected).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) || $0 == $1 }
}
