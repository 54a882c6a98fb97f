import Integrators

// The equations of Problems.swift for states that are plain arrays, as of systems whose size is not known to the compiler.

struct KeplerArray: DifferentialEquation {
  func derivative(_ y: [Double], at time: Double) -> [Double] {
    var slope = y
    evaluate(&slope, of: y, at: time)
    return slope
  }

  func evaluate(_ slope: inout [Double], of y: [Double], at time: Double) {
    let squared = y[0] * y[0] + y[1] * y[1]
    let strength = -1 / (squared * squared.squareRoot())
    slope[0] = y[2]
    slope[1] = y[3]
    slope[2] = y[0] * strength
    slope[3] = y[1] * strength
  }
}

struct HenonHeilesArray: DifferentialEquation {
  func derivative(_ y: [Double], at time: Double) -> [Double] {
    var slope = y
    evaluate(&slope, of: y, at: time)
    return slope
  }

  func evaluate(_ slope: inout [Double], of s: [Double], at time: Double) {
    slope[0] = s[2]
    slope[1] = s[3]
    slope[2] = -s[0] - 2 * s[0] * s[1]
    slope[3] = s[1] * s[1] - s[1] - s[0] * s[0]
  }
}

struct LorenzArray: DifferentialEquation {
  func derivative(_ y: [Double], at time: Double) -> [Double] {
    var slope = y
    evaluate(&slope, of: y, at: time)
    return slope
  }

  func evaluate(_ slope: inout [Double], of y: [Double], at time: Double) {
    slope[0] = 10 * (y[1] - y[0])
    slope[1] = y[0] * (28 - y[2]) - y[1]
    slope[2] = y[0] * y[1] - 8 / 3 * y[2]
  }
}
