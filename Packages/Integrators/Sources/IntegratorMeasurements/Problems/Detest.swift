import Integrators

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension InitialValueProblem {
  /// The classes of Hull, Enright, Fellen, Sedgwick, SIAM J. Numer. Anal. 9, 603 (1972), on [0, 20], without the five bodies C5.
  public static let detest: [InitialValueProblem] = single + small + moderate + orbits + higherOrder

  /// A: single equations.
  static let single: [InitialValueProblem] = [
    InitialValueProblem("A1", from: [1], until: 20) { y, _ in [-y[0]] },
    InitialValueProblem("A2", from: [1], until: 20) { y, _ in [-y[0] * y[0] * y[0] / 2] },
    InitialValueProblem("A3", from: [1], until: 20, sensitivity: 10) { y, t in [y[0] * cos(t)] },
    InitialValueProblem("A4", from: [1], until: 20, sensitivity: 10) { y, _ in [y[0] / 4 * (1 - y[0] / 20)] },
    InitialValueProblem("A5", from: [4], until: 20) { y, t in [(y[0] - t) / (y[0] + t)] },
  ]

  /// B: small systems.
  static let small: [InitialValueProblem] = [
    InitialValueProblem("B1", from: [1, 3], until: 20, sensitivity: 100) { y, _ in
      [2 * (y[0] - y[0] * y[1]), y[0] * y[1] - y[1]]
    },
    InitialValueProblem("B2", from: [2, 0, 1], until: 20) { y, _ in [y[1] - y[0], y[0] - 2 * y[1] + y[2], y[1] - y[2]] },
    InitialValueProblem("B3", from: [1, 0, 0], until: 20) { y, _ in [-y[0], y[0] - y[1] * y[1], y[1] * y[1]] },
    InitialValueProblem("B4", from: [3, 0, 0], until: 20, sensitivity: 10) { y, _ in
      let radius = (y[0] * y[0] + y[1] * y[1]).squareRoot()
      return [-y[1] - y[0] * y[2] / radius, y[0] - y[1] * y[2] / radius, y[0] / radius]
    },
    InitialValueProblem("B5", from: [0, 1, 1], until: 20, sensitivity: 10) { y, _ in
      [y[1] * y[2], -y[0] * y[2], -0.51 * y[0] * y[1]]
    },
  ]

  /// C: moderate systems, chains of decays and a rod that cools.
  static let moderate: [InitialValueProblem] = [
    InitialValueProblem("C1", from: first(of: 10), until: 20) { y, _ in
      (0..<10).map { (index: Int) -> Double in
        let gain = index > 0 ? y[index - 1] : 0
        return gain - (index < 9 ? y[index] : 0)
      }
    },
    InitialValueProblem("C2", from: first(of: 10), until: 20) { y, _ in
      (0..<10).map { (index: Int) -> Double in
        let gain = index > 0 ? Double(index) * y[index - 1] : 0
        return gain - (index < 9 ? Double(index + 1) * y[index] : 0)
      }
    },
    InitialValueProblem("C3", from: first(of: 10), until: 20, cooling),
    InitialValueProblem("C4", from: first(of: 51), until: 20, cooling),
  ]

  /// D: orbits of eccentricity 0.1 to 0.9.
  static let orbits: [InitialValueProblem] = zip(1...5, [0.1, 0.3, 0.5, 0.7, 0.9]).map { number, eccentricity in
    InitialValueProblem(
      "D\(number)", from: [1 - eccentricity, 0, 0, ((1 + eccentricity) / (1 - eccentricity)).squareRoot()], until: 20,
      sensitivity: 30 / (1 - eccentricity) / (1 - eccentricity), planet)
  }

  /// E: higher-order equations.
  static let higherOrder: [InitialValueProblem] = [
    InitialValueProblem("E1", from: [0.6713967071418030, 0.09540051444747446], until: 20) { y, t in
      [y[1], -(y[1] / (t + 1) + (1 - 0.25 / (t + 1) / (t + 1)) * y[0])]
    },
    InitialValueProblem("E2", from: [2, 0], until: 20, sensitivity: 10) { y, _ in [y[1], (1 - y[0] * y[0]) * y[1] - y[0]] },
    InitialValueProblem("E3", from: [0, 0], until: 20, sensitivity: 100) { y, t in
      [y[1], y[0] * y[0] * y[0] / 6 - y[0] + 2 * sin(2.78535 * t)]
    },
    InitialValueProblem("E4", from: [30, 0], until: 20) { y, _ in [y[1], 0.032 - 0.4 * y[1] * y[1]] },
    InitialValueProblem("E5", from: [0, 0], until: 20, sensitivity: 10) { y, t in
      [y[1], (1 + y[1] * y[1]).squareRoot() / (25 - t)]
    },
  ]

  static func first(of count: Int) -> [Double] { [1] + Array(repeating: 0, count: count - 1) }

  static let cooling: @Sendable ([Double], Double) -> [Double] = { y, _ in
    y.indices.map { (index: Int) -> Double in
      let left = index > 0 ? y[index - 1] : 0
      let right = index + 1 < y.count ? y[index + 1] : 0
      return left - 2 * y[index] + right
    }
  }
}
