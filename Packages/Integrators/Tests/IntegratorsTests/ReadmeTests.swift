import Foundation
import Testing

@Suite struct ReadmeTests {
  /// The example that the README shows is the program that `swift run solar-system` runs.
  @Test func exampleIsTheProgramThatIsBuilt() throws {
    let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    let readme = try String(contentsOf: package.appending(path: "README.md"), encoding: .utf8)
    let program = try String(contentsOf: package.appending(path: "Sources/solar-system/main.swift"), encoding: .utf8)
    #expect(readme.contains("```swift\n\(program)```"))
  }
}
