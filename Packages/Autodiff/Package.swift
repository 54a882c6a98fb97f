// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "Autodiff",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Autodiff", targets: ["Autodiff"])
  ],
  targets: [
    .target(name: "CAutodiff", cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "Autodiff", dependencies: ["CAutodiff"], swiftSettings: strict),
    .testTarget(name: "AutodiffTests", dependencies: ["Autodiff"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
