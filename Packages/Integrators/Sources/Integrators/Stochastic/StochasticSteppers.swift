/// x + f h + G ΔW: strong order 1/2 (1 for additive noise), weak order 1. Maruyama, Rend. Circ. Mat. Palermo 4, 48 (1955).
///
///     let path = VirtualBrownianTree(like: 0.0, key: NoiseKey(seed: 1), from: 0, to: 1, resolution: 1e-4)
///     let end = integrate(system, from: 1, stepSize: 0.01, steps: 100, with: EulerMaruyama(along: path))
public struct EulerMaruyama<System: ItoSystem, Path: BrownianPath<System.Noise>>: Stepper {
  public typealias State = System.State

  public let path: Path

  @inlinable
  public init(along path: Path) { self.path = path }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    let noise = path.increment(from: time, to: time + stepSize).displacement
    let spread = system.diffusion(state, at: time, times: noise)
    state.add(stepSize, times: system.drift(state, at: time))
    state.add(1, times: spread)
  }
}

/// The mean of the slopes at both ends of an Euler step: strong order 1 for commuting noise, else 1/2, in Stratonovich's
/// sense. Rümelin, SIAM J. Numer. Anal. 19, 604 (1982).
public struct StochasticHeun<System: StratonovichSystem, Path: BrownianPath<System.Noise>>: Stepper {
  public typealias State = System.State

  public let path: Path

  @inlinable
  public init(along path: Path) { self.path = path }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    let noise = path.increment(from: time, to: time + stepSize).displacement
    let drift = system.drift(state, at: time)
    let spread = system.diffusion(state, at: time, times: noise)
    let predicted = state.moved(stepSize, along: drift).moved(1, along: spread)
    state.add(stepSize / 2, times: drift)
    state.add(stepSize / 2, times: system.drift(predicted, at: time + stepSize))
    state.add(0.5, times: spread)
    state.add(0.5, times: system.diffusion(predicted, at: time + stepSize, times: noise))
  }
}

/// x + f h + g ΔW + g g′ (ΔW² − h)/2: strong order 1 for diagonal noise. Milstein, Theory Probab. Appl. 19, 557 (1975).
public struct Milstein<System: DifferentiableNoiseSystem, Path: BrownianPath<System.Noise>>: Stepper {
  public typealias State = System.State

  public let path: Path

  @inlinable
  public init(along path: Path) { self.path = path }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    let noise = path.increment(from: time, to: time + stepSize).displacement
    let drift = system.drift(state, at: time)
    let spread = system.diffusion(state, at: time, times: noise)
    let bend = system.diffusionSlope(state, at: time, times: noise.doubleIntegral(over: stepSize))
    state.add(stepSize, times: drift)
    state.add(1, times: spread)
    state.add(1, times: bend)
  }
}

/// Stochastic Runge-Kutta of strong order 3/2 for additive noise, SRA1, with two drifts a step.
/// Rößler, SIAM J. Numer. Anal. 48, 922 (2010), Table 6.3.
public struct AdditiveRungeKutta<System: AdditiveNoiseSystem, Path: BrownianPath<System.Noise>>: Stepper {
  public typealias State = System.State

  public let path: Path

  @inlinable
  public init(along path: Path) { self.path = path }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    let increment = path.increment(from: time, to: time + stepSize)
    let end = time + stepSize
    let drift = system.drift(state, at: time)
    let start = state
    let stage = state.moved(stepSize * 3 / 4, along: drift)
      .moved(1.5, along: system.diffusion(start, at: end, times: increment.mean))
    state.add(stepSize / 3, times: drift)
    state.add(stepSize * 2 / 3, times: system.drift(stage, at: time + stepSize * 3 / 4))
    state.add(1, times: system.diffusion(start, at: end, times: increment.displacement.moved(-1, along: increment.mean)))
    state.add(1, times: system.diffusion(start, at: time, times: increment.mean))
  }
}

/// Stochastic Runge-Kutta of strong order 3/2 for diagonal noise without derivatives, SRI1W1, with two drifts and four
/// diffusions a step. Rößler, SIAM J. Numer. Anal. 48, 922 (2010), Table 6.2.
public struct DiagonalRungeKutta<System: DiagonalNoiseSystem, Path: BrownianPath<System.Noise>>: Stepper {
  public typealias State = System.State

  public let path: Path

  @inlinable
  public init(along path: Path) { self.path = path }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    let h = stepSize
    let root = abs(h).squareRoot()
    let increment = path.increment(from: time, to: time + h)
    let single = increment.displacement
    let mean = increment.mean
    // I₍₁,₁₎/√h and I₍₁,₁,₁₎/h
    let double = single.doubleIntegral(over: h).scaled(by: 1 / root)
    let triple = single.tripleIntegral(over: h).scaled(by: 1 / h)
    let ones = single.filled(with: 1)
    let start = state

    let drift1 = system.drift(start, at: time)
    let slope1 = system.diffusion(start, at: time, times: ones)
    let stage2 = start.moved(h / 4, along: drift1).moved(root / 2, along: slope1)
    let slope2 = system.diffusion(stage2, at: time + h / 4, times: ones)
    let stage3 = start.moved(h, along: drift1).moved(-root, along: slope1)
    let slope3 = system.diffusion(stage3, at: time + h, times: ones)
    let drifted = start.moved(h * 3 / 4, along: drift1).moved(1.5, along: system.diffusion(start, at: time, times: mean))
    let drift2 = system.drift(drifted, at: time + h * 3 / 4)
    // The fourth stage sees the drift of the third, which is the one at the start.
    let stage4 = start.moved(h / 4, along: drift1).moved(-5 * root, along: slope1).moved(3 * root, along: slope2)
      .moved(root / 2, along: slope3)

    func weight(_ one: State.Scalar, _ two: State.Scalar, _ three: State.Scalar, _ four: State.Scalar) -> State {
      single.scaled(by: one).moved(two, along: double).moved(three, along: mean).moved(four, along: triple)
    }
    state.add(h / 3, times: drift1)
    state.add(h * 2 / 3, times: drift2)
    state.add(1, times: system.diffusion(start, at: time, times: weight(-1, -1, 2, -2)))
    state.add(1, times: system.diffusion(stage2, at: time + h / 4, times: weight(4.0 / 3, 4.0 / 3, -4.0 / 3, 5.0 / 3)))
    state.add(1, times: system.diffusion(stage3, at: time + h, times: weight(2.0 / 3, -1.0 / 3, -2.0 / 3, -2.0 / 3)))
    state.add(1, times: system.diffusion(stage4, at: time + h / 4, times: triple))
  }
}

extension VectorSpace {
  @inlinable @inline(__always)
  func scaled(by factor: Scalar) -> Self {
    var result = self
    result.scale(by: factor)
    return result
  }
}

extension CoordinateSpace {
  /// ∫∫ dW dW = (ΔW² − h)/2 in each coordinate.
  @inlinable
  func doubleIntegral(over duration: Scalar) -> Self {
    var result = self
    for index in 0..<coordinateCount {
      let step = self[coordinate: index]
      result[coordinate: index] = (step * step - duration) / 2
    }
    return result
  }

  /// ∫∫∫ dW dW dW = (ΔW³ − 3 h ΔW)/6 in each coordinate.
  @inlinable
  func tripleIntegral(over duration: Scalar) -> Self {
    var result = self
    for index in 0..<coordinateCount {
      let step = self[coordinate: index]
      result[coordinate: index] = step * (step * step - 3 * duration) / 6
    }
    return result
  }
}
