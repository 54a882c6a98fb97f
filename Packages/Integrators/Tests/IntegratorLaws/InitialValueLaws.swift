import Foundation
import IntegratorMeasurements
import Integrators
import Testing

/// Every problem of the catalogue against SciPy (initial_value_problems.py), from loose to tight tolerances.
@Suite struct InitialValueLaws {
  static let ends: [String: [Double]] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "initial_value_problems.json")
    guard let data = try? Data(contentsOf: file) else { return [:] }
    return (try? JSONDecoder().decode([String: [Double]].self, from: data)) ?? [:]
  }()

  /// The largest error of a coordinate, in units of 1 + its size.
  private func error<Method: EmbeddedStepper>(_ problem: InitialValueProblem, _ method: Method, _ tolerance: Double) throws -> Double
  where Method.System == InitialValueProblem {
    let solution = try solve(
      problem, from: problem.initial, until: problem.end, with: method,
      tolerance: Tolerance(relative: tolerance, absolute: problem.isStiff ? tolerance * 1e-6 : tolerance), recording: .ends
    ).checked()
    let end = try #require(Self.ends[problem.name])
    return zip(solution.final, end).map { abs($0 - $1) / (1 + abs($1)) }.max() ?? .nan
  }

  @Test func everyProblemHasItsReference() {
    #expect(Set(InitialValueProblem.catalogue.map(\.name)) == Set(Self.ends.keys))
    for problem in InitialValueProblem.catalogue { #expect(Self.ends[problem.name]?.count == problem.initial.count) }
  }

  @Test(arguments: InitialValueProblem.catalogue.filter { !$0.isStiff })
  func errorsFollowTheTolerance(_ problem: InitialValueProblem) throws {
    for tolerance in [1e-3, 1e-6, 1e-9] {
      let found = try error(problem, EmbeddedRungeKutta(.dormandPrince5), tolerance)
      #expect(found < 30 * problem.sensitivity * tolerance, "dormandPrince5 at \(tolerance): \(found)")
    }
    for row in [EmbeddedTableau.dormandPrince8, .verner9, .verner7] {
      for tolerance in [1e-3, 1e-6, 1e-9, 1e-12] {
        let found = try error(problem, EmbeddedRungeKutta(row), tolerance)
        #expect(found < 30 * problem.sensitivity * tolerance + 1e-12, "\(row) at \(tolerance): \(found)")
      }
    }
  }

  @Test(arguments: InitialValueProblem.catalogue.filter(\.isStiff))
  func stiffProblemsAreSolved(_ problem: InitialValueProblem) throws {
    for tolerance in [1e-3, 1e-5, 1e-8] {
      let found = try error(problem, RosenbrockMethod(.rodas5P), tolerance)
      #expect(found < 30 * problem.sensitivity * tolerance, "rodas5P at \(tolerance): \(found)")
    }
  }

  @Test func conservedQuantitiesOfTheOrbitsStay() throws {
    let problem = try #require(InitialValueProblem.named("D4"))
    let solution = solve(
      problem, from: problem.initial, until: problem.end, with: EmbeddedRungeKutta(.dormandPrince8),
      tolerance: Tolerance(relative: 1e-12, absolute: 1e-12))
    for state in solution.states {
      #expect(abs(state[0] * state[3] - state[1] * state[2] - (1 - 0.49).squareRoot()) < 1e-10)
    }
  }
}
