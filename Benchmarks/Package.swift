// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(path: "../Packages/Autodiff"),
    .package(path: "../Packages/NHF"),
  ],
  targets: [
    .executableTarget(
      name: "workloads",
      dependencies: [
        .product(name: "Autodiff", package: "Autodiff"),
        .product(name: "NeuralNetworks", package: "Autodiff"),
        .product(name: "NHF", package: "NHF"),
        .product(name: "BenchmarkWorkloads", package: "NHF"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "overhead", dependencies: [.product(name: "Autodiff", package: "Autodiff")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
  ],
  swiftLanguageModes: [.v6]
)
