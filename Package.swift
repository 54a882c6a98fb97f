// swift-tools-version: 6.2
import PackageDescription

// Every library of the workspace as one package without remote dependencies: what a version tag of this repository offers,
// and one `swift test` for all of them. The packages under Packages/ declare the same targets for use on their own;
// `flowctl doctor` compares the two.

#if os(Linux)
  let hdf5PackageName = "hdf5-serial"  // Debian and Ubuntu: libhdf5-dev, the build without MPI
#else
  let hdf5PackageName = "hdf5"
#endif

func library(_ package: String, _ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Packages/\(package)/Sources/\(name)",
    swiftSettings: [.treatAllWarnings(as: .error)])
}

func tests(_ package: String, _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, path: "Packages/\(package)/Tests/\(name)", exclude: exclude,
    swiftSettings: [.treatAllWarnings(as: .error)])
}

func kernels(_ package: String, _ name: String, in folder: String = "Sources") -> Target {
  .target(name: name, path: "Packages/\(package)/\(folder)/\(name)", cSettings: [.treatAllWarnings(as: .error)])
}

func executable(_ package: String, _ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: "Packages/\(package)/Sources/\(name)",
    swiftSettings: [.treatAllWarnings(as: .error)])
}

let autodiff: [Target] = [
  kernels("Autodiff", "CAutodiff"),
  library("Autodiff", "Autodiff", ["CAutodiff"]),
  library("Autodiff", "NeuralNetworks", ["Autodiff"]),
  library("Autodiff", "Probability", ["Autodiff"]),
  library("Autodiff", "WorkloadNumbers", ["Autodiff"]),
  .target(
    name: "CLAPACK", path: "Packages/Autodiff/Sources/CLAPACK", cSettings: [.treatAllWarnings(as: .error)],
    linkerSettings: [
      .linkedLibrary("lapack", .when(platforms: [.linux])), .linkedFramework("Accelerate", .when(platforms: [.macOS])),
    ]),
  library("Autodiff", "LinearAlgebra", ["Autodiff", "CLAPACK"]),
  kernels("Autodiff", "CAllocationCounter", in: "Tests"),
  kernels("Autodiff", "CReferenceFunctions", in: "Tests"),
  .target(
    name: "FunctionAccuracy", dependencies: ["CAutodiff", "CReferenceFunctions"], path: "Packages/Autodiff/Tests/FunctionAccuracy",
    swiftSettings: [.treatAllWarnings(as: .error)]),
  executable("Autodiff", "ulp", ["CAutodiff", "FunctionAccuracy"]),
  tests("Autodiff", "FunctionAccuracyTests", ["FunctionAccuracy"]),
  .target(
    name: "AutodiffTestSupport", dependencies: ["Autodiff"], path: "Packages/Autodiff/Tests/AutodiffTestSupport",
    swiftSettings: [.treatAllWarnings(as: .error)]),
  tests("Autodiff", "LinearAlgebraTests", ["Autodiff", "LinearAlgebra", "AutodiffTestSupport"], exclude: ["Golden"]),
  tests("Autodiff", "AutodiffTests", ["Autodiff", "AutodiffTestSupport", "CAllocationCounter"], exclude: ["Golden"]),
  tests("Autodiff", "NeuralNetworksTests", ["Autodiff", "NeuralNetworks"], exclude: ["Golden"]),
  tests("Autodiff", "ProbabilityTests", ["Autodiff", "Probability"], exclude: ["Golden"]),
  tests("Autodiff", "DocumentationTests", ["Autodiff", "LinearAlgebra", "NeuralNetworks", "Probability"]),
]

let integrators: [Target] = [
  library("Integrators", "Integrators"),
  library("Integrators", "DifferentiableIntegrators", ["Integrators", "Autodiff"]),
  library("Integrators", "IntegratorMeasurements", ["Integrators"]),
  executable("Integrators", "ledger", ["IntegratorMeasurements"]),
  executable("Integrators", "solar-system", ["Integrators"]),
  tests("Integrators", "IntegratorsTests", ["Integrators", "CAllocationCounter"]),
  tests(
    "Integrators", "IntegratorLaws", ["Integrators", "IntegratorMeasurements"],
    exclude: ["initial_value_problems.json", "initial_value_problems.py", "precise_tableaus.py", "reference.py"]),
  tests("Integrators", "DifferentiableIntegratorsTests", ["DifferentiableIntegrators", "Integrators", "Autodiff"]),
]

let dataIO: [Target] = [
  .systemLibrary(
    name: "CHDF5", path: "Packages/DataIO/Sources/CHDF5", pkgConfig: hdf5PackageName,
    providers: [.apt(["libhdf5-dev", "pkg-config"]), .brew(["hdf5"])]),
  .systemLibrary(
    name: "CZLIB", path: "Packages/DataIO/Sources/CZLIB", pkgConfig: "zlib",
    providers: [.apt(["zlib1g-dev", "pkg-config"]), .brew(["zlib"])]),
  library("DataIO", "HDF5", ["CHDF5"]),
  kernels("DataIO", "CDigest"),
  library("DataIO", "DataIO", ["HDF5", "CDigest", "CZLIB"]),
  library("DataIO", "ModelIO", ["DataIO", "HDF5", "Autodiff"]),
  .target(
    name: "DataIOTestSupport", path: "Packages/DataIO/Tests/DataIOTestSupport",
    swiftSettings: [.treatAllWarnings(as: .error)]),
  tests("DataIO", "HDF5Tests", ["HDF5", "DataIOTestSupport"], exclude: ["Golden"]),
  tests("DataIO", "DataIOTests", ["DataIO", "HDF5", "CDigest", "DataIOTestSupport"], exclude: ["Golden"]),
  tests("DataIO", "ModelIOTests", ["ModelIO", "DataIO", "HDF5", "DataIOTestSupport", "Autodiff"]),
]

// What every model family that moves points along Hamilton's equations uses.
let familyLibraries: [Target.Dependency] = ["Autodiff", "NeuralNetworks", "Probability", "Integrators", "DifferentiableIntegrators"]

let nhf: [Target] = [
  library("NHF", "NHF", familyLibraries),
  library("NHF", "BenchmarkWorkloads", ["NHF", "Autodiff", "NeuralNetworks", "WorkloadNumbers"]),
  tests("NHF", "NHFTests", ["NHF", "BenchmarkWorkloads", "WorkloadNumbers"] + familyLibraries),
]

let kernelFlows: [Target] = [
  library("KernelFlows", "KernelFlows", ["Autodiff", "NeuralNetworks", "Probability"]),
  library("KernelFlows", "KernelFlowWorkload", ["KernelFlows", "Autodiff", "Probability", "WorkloadNumbers"]),
  tests("KernelFlows", "KernelFlowsTests", ["KernelFlows", "KernelFlowWorkload", "Autodiff", "NeuralNetworks", "Probability"]),
]

let edg: [Target] = [
  library("EDG", "EDG", familyLibraries),
  tests("EDG", "EDGTests", ["EDG"] + familyLibraries),
]

let hgf: [Target] = [
  library("HGF", "HGF", familyLibraries),
  tests("HGF", "HGFTests", ["HGF"] + familyLibraries),
]

let package = Package(
  name: "hamiltonian-flows",
  platforms: [.macOS(.v15)],
  products: [
    "Autodiff", "NeuralNetworks", "Probability", "LinearAlgebra", "Integrators", "DifferentiableIntegrators", "HDF5", "DataIO", "ModelIO",
    "NHF", "HGF", "KernelFlows", "EDG",
  ].map { .library(name: $0, targets: [$0]) },
  targets: autodiff + integrators + dataIO + nhf + hgf + kernelFlows + edg,
  swiftLanguageModes: [.v6]
)
