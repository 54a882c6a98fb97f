#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// Scalar functions of the C library under names that no tensor function has.

func referenceTanh(_ x: Double) -> Double { tanh(x) }
func referenceExp(_ x: Double) -> Double { exp(x) }
func referenceLog(_ x: Double) -> Double { log(x) }
func referenceCos(_ x: Double) -> Double { cos(x) }
func referencePow(_ x: Double, _ y: Double) -> Double { pow(x, y) }
