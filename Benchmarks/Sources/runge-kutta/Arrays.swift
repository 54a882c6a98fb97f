import Integrators

/// An equation of Problems.swift for states that are plain arrays, as of systems whose size is not known to the compiler.
struct OnArrays<System: DifferentialEquation>: DifferentialEquation
where System.State: SIMD & CoordinateSpace, System.State.Scalar == Double {
  let system: System

  func derivative(_ state: [Double], at time: Double) -> [Double] {
    var slope = state
    evaluate(&slope, of: state, at: time)
    return slope
  }

  func evaluate(_ slope: inout [Double], of state: [Double], at time: Double) {
    var vector = System.State()
    for index in state.indices { vector[index] = state[index] }
    let change = system.derivative(vector, at: time)
    for index in state.indices { slope[index] = change[index] }
  }
}
