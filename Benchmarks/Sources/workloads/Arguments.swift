import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The command line, with the same options as the peers.
struct Arguments {
  enum Workload: String, CaseIterable {
    case regression = "mlp-regression"
    case flow = "nhf-gmm2d"
    case learnedFlow = "nhf-gmm2d-learned"
    case denoiser = "mlp-denoiser"
    case digits = "nhf-digits"
    case kernelTable = "kernel-table"
    /// The best rate of matrix products alone.
    case products = "matrix-products"

    var rows: Int {
      switch self {
      case .regression, .flow, .learnedFlow, .kernelTable: 512
      case .denoiser, .digits: 256
      case .products: 1024
      }
    }
  }

  static let usage =
    "usage: workloads --workload \(Workload.allCases.map(\.rawValue).joined(separator: "|")) [--dtype float32|float64] [--threads N] [--batch N] [--seconds S] [--json]"

  var workload = Workload.regression
  var dtype = DType.float32
  var threads = 2
  var batch = 0
  var seconds = 5.0
  var json = false

  init(_ words: [String]) {
    var rest = words[...]
    var named = false
    func value(_ option: String) -> String {
      guard let word = rest.popFirst() else { Arguments.fail("\(option) needs a value") }
      return word
    }
    func positive<Number: LosslessStringConvertible & Comparable & ExpressibleByIntegerLiteral>(_ option: String) -> Number {
      let word = value(option)
      guard let number = Number(word), number > 0 else { Arguments.fail("\(option) \(word): give a positive number") }
      return number
    }
    while let option = rest.popFirst() {
      switch option {
      case "--workload":
        let word = value(option)
        guard let known = Workload(rawValue: word) else { Arguments.fail("--workload \(word): there is no such workload") }
        (workload, named) = (known, true)
      case "--dtype":
        let word = value(option)
        guard let known = DType(rawValue: word), known.isFloatingPoint else { Arguments.fail("--dtype \(word): give float32 or float64") }
        dtype = known
      case "--threads": threads = positive(option)
      case "--batch": batch = positive(option)
      case "--seconds": seconds = positive(option)
      case "--json": json = true
      default: Arguments.fail("unknown option \(option)")
      }
    }
    if !named { Arguments.fail("no workload given") }
    if batch == 0 { batch = workload.rows }
  }

  private static func fail(_ reason: String) -> Never {
    let message = "workloads: \(reason)\n\(usage)\n"
    _ = message.withCString { write(2, $0, strlen($0)) }
    exit(64)
  }
}
