import Integrators

/// `KeplerEquation` for a vector of trajectories.
struct KeplerLanes<Lanes: SIMD & Sendable>: LaneEquation where Lanes.Scalar == Double {
  let coordinateCount = 4
  @inline(__always)
  func evaluate(_ slope: inout MutableSpan<Lanes>, of y: Span<Lanes>, at time: Lanes) {
    let squared = y[0] * y[0] + y[1] * y[1]
    let strength = -1 / (squared * squared.squareRoot())
    slope[0] = y[2]
    slope[1] = y[3]
    slope[2] = y[0] * strength
    slope[3] = y[1] * strength
  }
}

/// `HenonHeilesEquation` for a vector of trajectories.
struct HenonHeilesLanes<Lanes: SIMD & Sendable>: LaneEquation where Lanes.Scalar == Double {
  let coordinateCount = 4
  @inline(__always)
  func evaluate(_ slope: inout MutableSpan<Lanes>, of s: Span<Lanes>, at time: Lanes) {
    let (x, y) = (s[0], s[1])
    slope[0] = s[2]
    slope[1] = s[3]
    slope[2] = -x - 2 * x * y
    slope[3] = y * y - y - x * x
  }
}

/// `LorenzEquation` for a vector of trajectories.
struct LorenzLanes<Lanes: SIMD & Sendable>: LaneEquation where Lanes.Scalar == Double {
  let coordinateCount = 3
  @inline(__always)
  func evaluate(_ slope: inout MutableSpan<Lanes>, of y: Span<Lanes>, at time: Lanes) {
    slope[0] = 10 * (y[1] - y[0])
    slope[1] = y[0] * (28 - y[2]) - y[1]
    slope[2] = y[0] * y[1] - 8 / 3 * y[2]
  }
}
