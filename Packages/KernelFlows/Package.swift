// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let libraries: [Target.Dependency] = [
  .product(name: "Autodiff", package: "Autodiff"),
  .product(name: "NeuralNetworks", package: "Autodiff"),
  .product(name: "Probability", package: "Autodiff"),
]

let package = Package(
  name: "KernelFlows",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "KernelFlows", targets: ["KernelFlows"]),
    .library(name: "KernelFlowWorkload", targets: ["KernelFlowWorkload"]),
  ],
  dependencies: [.package(path: "../Autodiff")],
  targets: [
    .target(name: "KernelFlows", dependencies: libraries, swiftSettings: strict),
    .target(
      name: "KernelFlowWorkload",
      dependencies: [
        "KernelFlows", .product(name: "Autodiff", package: "Autodiff"), .product(name: "Probability", package: "Autodiff"),
        .product(name: "WorkloadNumbers", package: "Autodiff"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "KernelFlowsTests", dependencies: ["KernelFlows", "KernelFlowWorkload"] + libraries, swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
