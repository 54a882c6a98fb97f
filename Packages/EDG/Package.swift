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
  name: "EDG",
  platforms: [.macOS(.v15)],
  products: [.library(name: "EDG", targets: ["EDG"])],
  dependencies: [
    .package(path: "../Autodiff"),
    .package(path: "../Integrators"),
  ],
  targets: [
    .target(name: "EDG", dependencies: libraries, swiftSettings: strict),
    .testTarget(name: "EDGTests", dependencies: ["EDG"] + libraries, swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
