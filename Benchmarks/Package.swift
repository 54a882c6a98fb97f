// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(path: "../Packages/Autodiff"),
    .package(path: "../Packages/DataIO"),
    .package(path: "../Packages/Integrators"),
    .package(path: "../Packages/KernelFlows"),
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
        .product(name: "KernelFlowWorkload", package: "KernelFlows"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "nbody",
      dependencies: [
        "CNBody",
        .product(name: "Integrators", package: "Integrators"),
        .product(name: "IntegratorMeasurements", package: "Integrators"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "CNBody", cSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "runge-kutta", dependencies: [.product(name: "Integrators", package: "Integrators")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "data-rates",
      dependencies: [
        .product(name: "DataIO", package: "DataIO"),
        .product(name: "HDF5", package: "DataIO"),
        .product(name: "CZLIB", package: "DataIO"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "overhead", dependencies: [.product(name: "Autodiff", package: "Autodiff")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "markov-chains",
      dependencies: [
        .product(name: "Autodiff", package: "Autodiff"),
        .product(name: "Probability", package: "Autodiff"),
        .product(name: "DataIO", package: "DataIO"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
  ],
  swiftLanguageModes: [.v6]
)
