// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "Autodiff",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Autodiff", targets: ["Autodiff"]),
    .library(name: "NeuralNetworks", targets: ["NeuralNetworks"]),
    .library(name: "Probability", targets: ["Probability"]),
    .library(name: "LinearAlgebra", targets: ["LinearAlgebra"]),
    // For benchmarks that are compared with other programs.
    .library(name: "WorkloadNumbers", targets: ["WorkloadNumbers"]),
    // Test support, here because every other package can reach it.
    .library(name: "CAllocationCounter", targets: ["CAllocationCounter"]),
  ],
  targets: [
    .target(name: "CAutodiff", cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "Autodiff", dependencies: ["CAutodiff"], swiftSettings: strict),
    .target(name: "NeuralNetworks", dependencies: ["Autodiff"], swiftSettings: strict),
    .target(name: "Probability", dependencies: ["Autodiff"], swiftSettings: strict),
    .target(name: "WorkloadNumbers", dependencies: ["Autodiff"], swiftSettings: strict),
    .target(
      name: "CLAPACK", cSettings: [.treatAllWarnings(as: .error)],
      linkerSettings: [
        .linkedLibrary("lapack", .when(platforms: [.linux])), .linkedFramework("Accelerate", .when(platforms: [.macOS])),
      ]),
    .target(name: "LinearAlgebra", dependencies: ["Autodiff", "CLAPACK"], swiftSettings: strict),
    .testTarget(name: "NeuralNetworksTests", dependencies: ["Autodiff", "NeuralNetworks"], exclude: ["Golden"], swiftSettings: strict),
    .testTarget(name: "ProbabilityTests", dependencies: ["Autodiff", "Probability"], exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "DocumentationTests", dependencies: ["Autodiff", "LinearAlgebra", "NeuralNetworks", "Probability"], swiftSettings: strict),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter", cSettings: [.treatAllWarnings(as: .error)]),
    // References and sampling for the accuracy of the kernels' functions: the command `ulp` and the tests share them.
    .target(name: "CReferenceFunctions", path: "Tests/CReferenceFunctions", cSettings: [.treatAllWarnings(as: .error)]),
    .target(
      name: "FunctionAccuracy", dependencies: ["CAutodiff", "CReferenceFunctions"], path: "Tests/FunctionAccuracy",
      swiftSettings: strict),
    .executableTarget(name: "ulp", dependencies: ["CAutodiff", "FunctionAccuracy"], swiftSettings: strict),
    .testTarget(name: "FunctionAccuracyTests", dependencies: ["FunctionAccuracy"], swiftSettings: strict),
    .target(name: "AutodiffTestSupport", dependencies: ["Autodiff"], path: "Tests/AutodiffTestSupport", swiftSettings: strict),
    .testTarget(
      name: "LinearAlgebraTests", dependencies: ["Autodiff", "LinearAlgebra", "AutodiffTestSupport"], exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(
      name: "AutodiffTests", dependencies: ["Autodiff", "AutodiffTestSupport", "CAllocationCounter"], exclude: ["Golden"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
