import Foundation
import Testing

/// The reference of each library, made from its symbols and its catalogue, as static pages beside the build:
/// `Documentation/<module>.doccarchive`.
@Suite(.enabled(if: Toolchain.hasDocC, "needs docc, which Swift's toolchains for Linux contain"))
struct CatalogueTests {
  static let modules = ["Autodiff", "LinearAlgebra", "NeuralNetworks", "Probability"]

  /// No link without a target, no parameter without a description where another has one.
  @Test(arguments: modules) func convertsWithoutAWarning(_ module: String) throws {
    let symbols = try Toolchain.extractSymbols(of: module, into: "\(module).converted")
    let conversion = try Toolchain.run(
      "docc", "convert", ArticleTests.package.path + "/Sources/\(module)/\(module).docc", "--additional-symbol-graph-dir", symbols.path,
      "--output-dir", Toolchain.documentation.path + "/\(module).doccarchive", "--warnings-as-errors",
      "--fallback-display-name", module, "--fallback-bundle-identifier", module, "--fallback-default-module-kind", "Library")
    #expect(conversion.status == 0, "\(conversion.output)")
  }

  /// Every type, function and method says what it is; operators, cases, fields and initialisers may do so by their names.
  @Test(arguments: modules) func everyPublicSymbolIsDescribed(_ module: String) throws {
    let folder = try Toolchain.extractSymbols(of: module, into: "\(module).described")
    // One file for the module's own symbols, one for each module that it extends.
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    let symbols = try files.flatMap { try JSONDecoder().decode(SymbolGraph.self, from: Data(contentsOf: $0)).symbols }
    #expect(symbols.count > 10)
    let telling = ["swift.func.op", "swift.enum.case", "swift.property", "swift.type.property", "swift.init", "swift.extension"]
    let silent = symbols.filter { $0.docComment == nil && !telling.contains($0.kind.identifier) }
    let names = silent.map { $0.pathComponents.joined(separator: ".") }
    #expect(names.isEmpty, "without a docstring")
  }

  private struct SymbolGraph: Decodable {
    struct Symbol: Decodable {
      struct Kind: Decodable { let identifier: String }
      struct Comment: Decodable {}
      let kind: Kind
      let pathComponents: [String]
      let docComment: Comment?
    }
    let symbols: [Symbol]
  }
}

/// The tools of the Swift installation, applied to the build that these tests are part of.
enum Toolchain {
  static let hasDocC: Bool = {
    #if os(Linux)
      return (try? run("docc", "--help").status) == 0
    #else
      return false
    #endif
  }()

  /// The folder with the executable of the tests and the compiled modules.
  private static let build = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

  static let documentation = build.appendingPathComponent("Documentation")

  private static var target: String {
    #if arch(arm64)
      "aarch64-unknown-linux-gnu"
    #else
      "x86_64-unknown-linux-gnu"
    #endif
  }

  /// Writes the public symbols of a module to a folder beside the build.
  static func extractSymbols(of module: String, into name: String) throws -> URL {
    let folder = documentation.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let extraction = try run(
      "swift", "symbolgraph-extract", "-module-name", module, "-target", target, "-I", build.path + "/Modules",
      "-I", ArticleTests.package.path + "/Sources/CAutodiff/include", "-I", build.path + "/CLAPACK.build",
      "-output-dir", folder.path, "-minimum-access-level", "public",
      "-skip-synthesized-members", "-emit-extension-block-symbols")
    try #require(extraction.status == 0, "\(extraction.output)")
    return folder
  }

  /// Runs a tool found on the path and waits for it; what it writes to either stream is one text.
  static func run(_ command: String...) throws -> (status: Int32, output: String) {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
