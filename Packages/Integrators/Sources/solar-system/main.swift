import Integrators

/// Sun and outer planets: AU, days, solar masses (Hairer, Lubich, Wanner, Geometric Numerical Integration, I.2.4).
struct SolarSystem: MeasurableHamiltonian {
  let masses = [1.00000597682, 9.54786104043e-4, 2.85583733151e-4, 4.37273164546e-5, 5.17759138449e-5]

  func velocity(_ p: [SIMD3<Double>]) -> [SIMD3<Double>] { zip(p, masses).map { $0 / $1 } }
  func kineticEnergy(_ p: [SIMD3<Double>]) -> Double { zip(p, masses).reduce(0) { $0 + ($1.0 * $1.0).sum() / (2 * $1.1) } }
  func force(_ q: [SIMD3<Double>]) -> [SIMD3<Double>] { q.indices.map { i in pairs(i, q).reduce(.zero) { $0 + $1.pull } } }
  func potentialEnergy(_ q: [SIMD3<Double>]) -> Double { q.indices.reduce(0) { $0 + pairs($1, q).reduce(0) { $0 + $1.energy } / 2 } }
  func pairs(_ i: Int, _ q: [SIMD3<Double>]) -> [(pull: SIMD3<Double>, energy: Double)] {
    q.indices.filter { $0 != i }.map { j in
      let (offset, strength) = (q[j] - q[i], 2.95912208286e-4 * masses[i] * masses[j])
      let distance = (offset * offset).sum().squareRoot()
      return (offset * (strength / (distance * distance * distance)), -strength / distance)
    }
  }
}
let bodies: [(position: SIMD3<Double>, velocity: SIMD3<Double>)] = [
  (.zero, .zero), ([-3.5023653, -3.8169847, -1.5507963], [0.00565429, -0.00412490, -0.00190589]),
  ([9.0755314, -3.0458353, -1.6483708], [0.00168318, 0.00483525, 0.00192462]),
  ([8.3101420, -16.2901086, -7.2521278], [0.00354178, 0.00137102, 0.00055029]),
  ([11.4707666, -25.7294829, -10.8169456], [0.00288930, 0.00114527, 0.00039677]),
]
let system = SolarSystem()
let start = Phase(position: bodies.map(\.position), momentum: zip(bodies, system.masses).map { $0.velocity * $1 })
let orbit = trajectory(of: system, from: start, stepSize: 50, steps: 7_200, every: 10, with: SplittingMethod(.leapfrog))
let curve = zip(orbit.times, orbit.states).map { "\(60 + $0 / 500),\(240 - abs(system.energy($1) / system.energy(start) - 1) * 1e6)" }
print("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 800 270' font-family='sans-serif' font-size='12'>")
print("<rect width='800' height='270' fill='white'/><text x='60' y='15'>energy error in millionths</text>")
print("<path d='M60,20V240H790M55,40H60M644,240V245' fill='none' stroke='black'/>")
print("<polyline points='\(curve.joined(separator: " "))' fill='none' stroke='steelblue' stroke-width='0.7'/>")
print("<text x='30' y='45'>200</text><text x='45' y='245'>0</text><text x='615' y='260'>800 years</text></svg>")
