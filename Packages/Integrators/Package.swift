// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "Integrators",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Integrators", targets: ["Integrators"]),
    .library(name: "DifferentiableIntegrators", targets: ["DifferentiableIntegrators"]),
    .library(name: "IntegratorMeasurements", targets: ["IntegratorMeasurements"]),
    .executable(name: "ledger", targets: ["ledger"]),
  ],
  dependencies: [.package(path: "../Autodiff")],
  targets: [
    .target(name: "Integrators", swiftSettings: strict),
    .target(
      name: "DifferentiableIntegrators", dependencies: ["Integrators", .product(name: "Autodiff", package: "Autodiff")],
      swiftSettings: strict),
    .target(name: "IntegratorMeasurements", dependencies: ["Integrators"], swiftSettings: strict),
    .executableTarget(name: "ledger", dependencies: ["IntegratorMeasurements"], swiftSettings: strict),
    .executableTarget(name: "solar-system", dependencies: ["Integrators"], swiftSettings: strict),
    .testTarget(
      name: "IntegratorsTests", dependencies: ["Integrators", .product(name: "CAllocationCounter", package: "Autodiff")],
      swiftSettings: strict),
    .testTarget(
      name: "IntegratorLaws", dependencies: ["Integrators", "IntegratorMeasurements"],
      exclude: ["initial_value_problems.json", "initial_value_problems.py", "precise_tableaus.py", "reference.py"],
      swiftSettings: strict),
    .testTarget(
      name: "DifferentiableIntegratorsTests",
      dependencies: ["DifferentiableIntegrators", "Integrators", .product(name: "Autodiff", package: "Autodiff")],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
