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
  name: "HGF",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "HGF", targets: ["HGF"])
  ],
  dependencies: [
    .package(path: "../Autodiff"),
    .package(path: "../Integrators"),
  ],
  targets: [
    .target(name: "HGF", dependencies: libraries, swiftSettings: strict),
    .testTarget(name: "HGFTests", dependencies: ["HGF"] + libraries, swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
