import CAutodiff
import FunctionAccuracy

// Prints ULP.md: the largest error of every transcendental function, over every instruction set that this machine has.

let count = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 0 : 1_000_000
guard count > 0 && hasDoubleReferences else {
  fatalError("usage: ulp [arguments per function]; needs a C library whose long double is wider than double")
}

/// Rounded up to hundredths.
func units(_ error: Double) -> String {
  let hundredths = Int((error * 100).rounded(.up))
  return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
}

let names: [String] = ["baseline", "avx2", "avx512"]
let levels = names.filter { af_simd_select($0) == 1 }
print(
  """
  # Errors of the transcendental functions

  Written by `swift run -c release --package-path Packages/Autodiff ulp > Packages/Autodiff/ULP.md`: the largest error found, in units
  in the last place of the exact result, over \(count) arguments of each type (every exponent, the intervals where the function varies,
  the neighbourhoods of 0 and 1) at the instruction sets \(levels.joined(separator: ", ")). References: the C library's long double.
  Rows with "x < 0" count in units of the larger of the result and 1, an absolute bound near the zeros.
  `FunctionAccuracyTests` holds every function to its line.

  | function | float32 | float64 |
  | --- | --- | --- |
  """)
for function in MeasuredFunction.all {
  let single = function.largestErrors(float64: false, count: count, levels: levels).map(\.units).max() ?? 0
  let double = function.largestErrors(float64: true, count: count, levels: levels).map(\.units).max() ?? 0
  print("| \(function.title) | \(units(single)) | \(units(double)) |")
}
