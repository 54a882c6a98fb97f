import Foundation
import Testing

/// A reversible gradient of a method that cannot be undone is refused by the compiler.
@Suite struct ReversibleRequirementTests {
  /// Where the build left the modules, beside the tests.
  static let build = Bundle.main.executableURL?.deletingLastPathComponent()

  /// The C module that `Autodiff` imports, in the package beside this one.
  static let kernels = URL(filePath: #filePath).appending(path: "../../../../Autodiff/Sources/CAutodiff/include/module.modulemap")
    .standardized

  static var isAvailable: Bool {
    guard let build else { return false }
    return [build.appending(path: "Modules/DifferentiableIntegrators.swiftmodule"), kernels].allSatisfy {
      FileManager.default.fileExists(atPath: $0.path)
    }
  }

  static func compile(_ method: String) throws -> (status: Int32, text: String) {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).swift")
    defer { try? FileManager.default.removeItem(at: file) }
    let program = """
      import Autodiff
      import DifferentiableIntegrators
      import Integrators
      func end(_ field: ParametricField<Tensor, Tensor>, _ y: Tensor) -> Tensor {
        integrate(field, from: y, over: TimeGrid(to: 1, steps: 10), with: \(method))
      }
      func end(_ system: PotentialGradients<Tensor>, _ state: Phase<Tensor>) -> Phase<Tensor> {
        integrate(system, from: state, over: TimeGrid(to: 1, steps: 10), with: .reversible(SplittingMethod(.leapfrog)))
      }
      """
    try program.write(to: file, atomically: true, encoding: .utf8)
    let build = try #require(build)
    let compiler = Process()
    let output = Pipe()
    compiler.executableURL = URL(filePath: "/usr/bin/env")
    compiler.arguments = [
      "swiftc", "-typecheck", "-swift-version", "6", "-I", build.appending(path: "Modules").path, "-Xcc",
      "-fmodule-map-file=" + kernels.path, file.path,
    ]
    compiler.standardError = output
    try compiler.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    compiler.waitUntilExit()
    return (compiler.terminationStatus, text)
  }

  @Test(.enabled(if: isAvailable)) func rungeKuttaIsNotReversible() throws {
    let refused = try Self.compile(".reversible(ExplicitRungeKutta(.rungeKutta4))")
    #expect(refused.status != 0 && refused.text.contains("ReversibleStepper"), "\(refused.text)")
    let accepted = try Self.compile(".continuousAdjoint(ExplicitRungeKutta(.rungeKutta4))")
    #expect(accepted.status == 0, "\(accepted.text)")
  }
}
