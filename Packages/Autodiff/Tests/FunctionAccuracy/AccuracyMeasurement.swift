import CAutodiff
import CReferenceFunctions

/// The largest error found, in units in the last place, and the argument that gave it.
public struct LargestError: Sendable {
  public var units = 0.0
  public var argument = (0.0, 0.0)
}

/// Whether the C library has references for double precision on this machine.
public var hasDoubleReferences: Bool { reference_precision() > 53 }

extension MeasuredFunction {
  /// Largest error over `count` arguments at every instruction set of `levels`, in their order.
  public func largestErrors(float64: Bool, count: Int, levels: [String]) -> [LargestError] {
    var errors = [LargestError](repeating: LargestError(), count: max(levels.count, 1))
    var numbers = Numbers(state: float64 ? 64 : 32)
    let block = 4096
    for start in stride(from: 0, to: count, by: block) {
      let (x, y) = arguments(min(block, count - start), &numbers, float64: float64)
      let references = zip(x, y).map { reference($0, $1) }
      for (index, _) in errors.enumerated() {
        if !levels.isEmpty { _ = af_simd_select(levels[index]) }
        let results = float64 ? evaluate(x, y) : evaluate(x.map(Float.init), y.map(Float.init)).map(Double.init)
        for i in x.indices {
          let units = error(results[i], references[i], float64: float64)
          if !(units <= errors[index].units) { errors[index] = LargestError(units: units, argument: (x[i], y[i])) }
        }
      }
    }
    return errors
  }

  /// Arguments of every exponent, and evenly over the interval and around 0 and 1.
  private func arguments(_ count: Int, _ numbers: inout Numbers, float64: Bool) -> ([Double], [Double]) {
    func rounded(_ x: Double) -> Double { float64 ? x : Double(Float(x)) }
    var (first, second): ([Double], [Double]) = ([], [])
    while first.count < count {
      var x: Double
      var y = 0.0
      switch first.count % 4 {
      case 0: x = float64 ? Double(bitPattern: numbers.next()) : Double(Float(bitPattern: UInt32(truncatingIfNeeded: numbers.next())))
      case 1: x = interval.lowerBound + numbers.uniform() * (interval.upperBound - interval.lowerBound)
      case 2: x = 8 * numbers.uniform() - 4
      default:
        x =
          (numbers.uniform() - 0.5) * Double(sign: .plus, exponent: -Int(numbers.next() % 40), significand: 1) + Double(numbers.next() % 2)
      }
      if takesTwo {
        switch first.count % 3 {
        case 0: y = Double(numbers.next() % 41) - 20
        case 1: y = 4 * numbers.uniform() - 2
        default: y = 300 * (2 * numbers.uniform() - 1)
        }
        if operation == AF_POW && first.count % 5 != 0 { x = x.magnitude }
      }
      (x, y) = (rounded(x), rounded(y))
      guard domain(x) || domain(-x) else { continue }
      first.append(domain(x) ? x : -x)
      second.append(y)
    }
    return (first, second)
  }

  private func reference(_ x: Double, _ y: Double) -> (Double, Double) {
    var (value, remainder) = (0.0, 0.0)
    precondition(reference_value(name, x, y, &value, &remainder) == 1, "no reference for \(name)")
    return (value, remainder)
  }

  /// One instruction over two inputs, as a fused program.
  private func evaluate<Scalar: BinaryFloatingPoint>(_ x: [Scalar], _ y: [Scalar]) -> [Scalar] {
    let type = UInt8((Scalar.self == Double.self ? AF_F64 : AF_F32).rawValue)
    func operand(_ kind: af_operand_kind) -> af_operand {
      af_operand(kind: UInt8(kind.rawValue), dtype: type, slot: 0, stride: (0, 0, 0, 0, 0, 1), value: 0)
    }
    let operands = [operand(AF_INPUT), operand(AF_INPUT), operand(AF_OUTPUT)]
    let instructions = [af_instruction(op: UInt16(operation.rawValue), dst: 2, a: 0, b: 1, c: 0)]
    return [Scalar](unsafeUninitializedCapacity: x.count) { result, count in
      operands.withUnsafeBufferPointer { operands in
        instructions.withUnsafeBufferPointer { instructions in
          var program = af_fused(
            compute: type, temp_count: 0, instruction_count: 1, operand_count: 3, instructions: instructions.baseAddress,
            operands: operands.baseAddress)
          withUnsafeTemporaryAllocation(byteCount: af_fused_scratch_bytes(&program), alignment: 64) { scratch in
            x.withUnsafeBytes { x in
              y.withUnsafeBytes { y in
                let base: [UnsafeMutableRawPointer?] = [
                  UnsafeMutableRawPointer(mutating: x.baseAddress), UnsafeMutableRawPointer(mutating: y.baseAddress),
                  UnsafeMutableRawPointer(result.baseAddress),
                ]
                let extent: [Int64] = [1, 1, 1, 1, 1, Int64(result.count)]
                af_fused_run(&program, base, extent, scratch.baseAddress)
              }
            }
          }
        }
      }
      count = x.count
    }
  }

  /// |result - reference| in units in the last place of the reference; infinite where one is not finite and the other is far from it.
  private func error(_ result: Double, _ reference: (value: Double, remainder: Double), float64: Bool) -> Double {
    let (value, remainder) = reference
    if value.isNaN { return result.isNaN ? 0 : .infinity }
    let largest = float64 ? Double.greatestFiniteMagnitude : Double(Float.greatestFiniteMagnitude)
    if value.magnitude > largest * (1 + 0x1p-25) || result.isInfinite {
      // The last finite number and infinity are neighbours.
      let reached = min(value.magnitude, result.magnitude) >= largest * (1 - (float64 ? 0x1p-52 : 0x1p-23))
      return reached && value.sign == result.sign ? 1 : .infinity
    }
    let (precision, lowest) = float64 ? (52, -1074) : (23, -149)
    let scale = isAbsoluteBelowOne ? max(value.magnitude, 1) : value.magnitude
    let exponent = scale == 0 ? lowest : max(Int(scale.exponent) - precision, lowest)
    let unit = Double(sign: .plus, exponent: exponent, significand: 1)
    return (((result - value) - remainder) / unit).magnitude
  }
}

/// SplitMix64.
struct Numbers {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
