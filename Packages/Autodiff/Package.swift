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
  ],
  targets: [
    .target(name: "CAutodiff", cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "Autodiff", dependencies: ["CAutodiff"], swiftSettings: strict),
    .target(name: "NeuralNetworks", dependencies: ["Autodiff"], swiftSettings: strict),
    .target(name: "Probability", dependencies: ["Autodiff"], swiftSettings: strict),
    .testTarget(name: "NeuralNetworksTests", dependencies: ["NeuralNetworks"], swiftSettings: strict),
    .testTarget(name: "ProbabilityTests", dependencies: ["Probability"], swiftSettings: strict),
    .testTarget(name: "AutodiffTests", dependencies: ["Autodiff"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
