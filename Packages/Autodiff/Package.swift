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
    // Test support, here because every other package can reach it.
    .library(name: "CAllocationCounter", targets: ["CAllocationCounter"]),
  ],
  targets: [
    .target(name: "CAutodiff", cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "Autodiff", dependencies: ["CAutodiff"], swiftSettings: strict),
    .target(name: "NeuralNetworks", dependencies: ["Autodiff"], swiftSettings: strict),
    .target(name: "Probability", dependencies: ["Autodiff"], swiftSettings: strict),
    .testTarget(name: "NeuralNetworksTests", dependencies: ["NeuralNetworks"], exclude: ["Golden"], swiftSettings: strict),
    .testTarget(name: "ProbabilityTests", dependencies: ["Probability"], exclude: ["Golden"], swiftSettings: strict),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter", cSettings: [.treatAllWarnings(as: .error)]),
    .testTarget(name: "AutodiffTests", dependencies: ["Autodiff", "CAllocationCounter"], exclude: ["Golden"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
