// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "flowctl",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "flowctl", targets: ["flowctl"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(path: "../../Packages/Autodiff"),
    .package(path: "../../Packages/Integrators"),
    .package(path: "../../Packages/DataIO"),
    .package(path: "../../Packages/EDG"),
    .package(path: "../../Packages/NHF"),
    .package(path: "../../Packages/KernelFlows"),
    .package(path: "../../Packages/HGF"),
  ],
  targets: [
    .target(name: "Plotting", swiftSettings: strict),
    .target(
      name: "FlowctlKit",
      dependencies: [
        "Plotting",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "DataIO", package: "DataIO"),
        .product(name: "HDF5", package: "DataIO"),
        .product(name: "ModelIO", package: "DataIO"),
        .product(name: "Autodiff", package: "Autodiff"),
        .product(name: "NeuralNetworks", package: "Autodiff"),
        .product(name: "Probability", package: "Autodiff"),
        .product(name: "Integrators", package: "Integrators"),
        .product(name: "DifferentiableIntegrators", package: "Integrators"),
        .product(name: "EDG", package: "EDG"),
        .product(name: "NHF", package: "NHF"),
        .product(name: "KernelFlows", package: "KernelFlows"),
        .product(name: "HGF", package: "HGF"),
      ],
      // The launcher and the tests share one release build, and the tests look inside.
      swiftSettings: strict + [.unsafeFlags(["-enable-testing"])]),
    .executableTarget(name: "flowctl", dependencies: ["FlowctlKit"], swiftSettings: strict),
    .testTarget(name: "PlottingTests", dependencies: ["Plotting"], swiftSettings: strict),
    .testTarget(
      name: "FlowctlKitTests",
      dependencies: [
        "FlowctlKit", "Plotting", .product(name: "Autodiff", package: "Autodiff"), .product(name: "DataIO", package: "DataIO"),
        .product(name: "HDF5", package: "DataIO"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["Golden"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
