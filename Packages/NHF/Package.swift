// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let libraries: [Target.Dependency] = [
  .product(name: "Autodiff", package: "Autodiff"),
  .product(name: "NeuralNetworks", package: "Autodiff"),
  .product(name: "Probability", package: "Autodiff"),
  .product(name: "Integrators", package: "Integrators"),
  .product(name: "DifferentiableIntegrators", package: "Integrators"),
]

let package = Package(
  name: "NHF",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "NHF", targets: ["NHF"]),
    .library(name: "BenchmarkWorkloads", targets: ["BenchmarkWorkloads"]),
  ],
  dependencies: [
    .package(path: "../Autodiff"),
    .package(path: "../Integrators"),
  ],
  targets: [
    .target(name: "NHF", dependencies: libraries, swiftSettings: strict),
    .target(
      name: "BenchmarkWorkloads",
      dependencies: [
        "NHF", .product(name: "Autodiff", package: "Autodiff"), .product(name: "NeuralNetworks", package: "Autodiff"),
        .product(name: "WorkloadNumbers", package: "Autodiff"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "NHFTests",
      dependencies: ["NHF", "BenchmarkWorkloads", .product(name: "WorkloadNumbers", package: "Autodiff")] + libraries,
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
