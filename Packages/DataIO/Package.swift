// swift-tools-version: 6.2
import PackageDescription

#if os(Linux)
  let hdf5PackageName = "hdf5-serial"  // Debian and Ubuntu: libhdf5-dev, the build without MPI
#else
  let hdf5PackageName = "hdf5"
#endif

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "DataIO",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "CHDF5", targets: ["CHDF5"]),
    .library(name: "CZLIB", targets: ["CZLIB"]),
    .library(name: "HDF5", targets: ["HDF5"]),
    .library(name: "DataIO", targets: ["DataIO"]),
    .library(name: "ModelIO", targets: ["ModelIO"]),
  ],
  dependencies: [
    .package(path: "../Autodiff")
  ],
  targets: [
    .systemLibrary(
      name: "CHDF5",
      pkgConfig: hdf5PackageName,
      providers: [.apt(["libhdf5-dev", "pkg-config"]), .brew(["hdf5"])]
    ),
    .systemLibrary(name: "CZLIB", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev", "pkg-config"]), .brew(["zlib"])]),
    .target(name: "HDF5", dependencies: ["CHDF5"], swiftSettings: strict),
    .target(name: "CDigest", cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "DataIO", dependencies: ["HDF5", "CDigest", "CZLIB"], swiftSettings: strict),
    .target(
      name: "ModelIO", dependencies: ["DataIO", "HDF5", .product(name: "Autodiff", package: "Autodiff")], swiftSettings: strict),
    .target(name: "DataIOTestSupport", path: "Tests/DataIOTestSupport", swiftSettings: strict),
    .testTarget(name: "HDF5Tests", dependencies: ["HDF5", "DataIOTestSupport"], exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "DataIOTests", dependencies: ["DataIO", "HDF5", "CDigest", "DataIOTestSupport"], exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "ModelIOTests",
      dependencies: ["ModelIO", "DataIO", "HDF5", "DataIOTestSupport", .product(name: "Autodiff", package: "Autodiff")],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
