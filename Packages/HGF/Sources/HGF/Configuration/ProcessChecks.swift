import Autodiff
import NeuralNetworks

extension HamiltonianProcess {
  func validate() throws(ConfigurationError) {
    guard dimension > 0 else { throw ConfigurationError(path: "dimension", found: "\(dimension)", expected: "a positive number") }
    guard duration > 0 && duration.isFinite else {
      throw ConfigurationError(path: "duration", found: "\(duration)", expected: "a positive time T")
    }
    guard minimumTime >= 0 && minimumTime < duration else {
      throw ConfigurationError(path: "minimumTime", found: "\(minimumTime)", expected: "a time from 0 up to but not T = \(duration)")
    }
    guard coupling.noiseScale > 0 && coupling.noiseScale.isFinite else {
      throw ConfigurationError(path: "coupling.scale", found: "\(coupling.noiseScale)", expected: "a positive standard deviation")
    }
  }
}

extension LinearPath {
  func validate(dataScale: Double, minimumTime: Double) throws(ConfigurationError) {
    guard dataScale > 0 && dataScale.isFinite else {
      throw ConfigurationError(path: "dataScale", found: "\(dataScale)", expected: "the positive standard deviation of the data")
    }
    switch force {
    case .zero: return
    case .oscillation(let frequency):
      guard frequency > 0 && frequency.isFinite else {
        throw ConfigurationError(path: "force.frequency", found: "\(frequency)", expected: "a positive α")
      }
      guard frequency * duration <= 1.5707963267948968 else {
        throw ConfigurationError(
          path: "duration", found: "\(duration)",
          expected: "at most π/(2α) = \(1.5707963267948966 / frequency): later the oscillation swings back to the data")
      }
    case .variancePreserving(let minimum, let maximum):
      guard minimum > 0 && maximum >= minimum && maximum.isFinite else {
        throw ConfigurationError(
          path: "force.rates", found: "\(minimum) and \(maximum)", expected: "positive rates, the smaller first")
      }
      guard duration <= 1 else { throw ConfigurationError(path: "duration", found: "\(duration)", expected: "a time up to 1") }
      guard minimumTime > 0 else {
        throw ConfigurationError(
          path: "minimumTime", found: "0", expected: "a positive time: the velocity of variance-preserving diffusion is singular at 0")
      }
    }
  }
}
