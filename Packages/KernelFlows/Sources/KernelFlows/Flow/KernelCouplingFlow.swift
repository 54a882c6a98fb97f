import Autodiff
import Probability

/// A density by a chain of bijections from data to standard normal noise: `log p(x) = log N(f(x); 0, I) + log|det ∂f/∂x|`.
///
/// With kernel conditioners a Ferumal flow; with networks one of the flows that it is compared with.
public struct KernelCouplingFlow: Distribution, Module {
  /// From data to noise.
  public var map: Chain

  public var eventShape: [Int] { map.eventShape }
  public var dtype: DType { tensors().first { $0.dtype.isFloatingPoint }?.dtype ?? .float32 }
  public var isReparameterized: Bool { true }

  public init(_ map: Chain) { self.map = map }

  public mutating func walk(_ walker: inout some Walker) { walker.child("map", &map) }

  public func logDensity(_ x: Tensor) -> Tensor {
    let (noise, logDeterminant) = map.forward(x)
    return standardNormalLogDensity(noise, logStandardDeviation: .zeros([], dtype: noise.dtype)) + logDeterminant
  }

  public func sample(_ count: Int, key: Key) -> Tensor { map.inverse(Tensor.normal([count] + eventShape, key: key, dtype: dtype)).x }

  /// ActNorm, auxiliary points and lengthscales from `rows`, `[rows, d]`, each layer from its own input.
  public func initialized(from rows: Tensor, key: Key) -> KernelCouplingFlow {
    KernelCouplingFlow(map.initialized(from: rows, key: key).inOwnMemory())
  }

  /// The squared norm of all kernel maps in their spaces, `[]`: what a penalty multiplies.
  public var squaredNorm: Tensor {
    let norms = map.bijections.compactMap { bijection -> Tensor? in
      switch bijection {
      case let coupling as Coupling<KernelConditioner<StationaryKernel>>: coupling.conditioner.squaredNorm
      case let coupling as Coupling<RandomFeatureConditioner>: coupling.conditioner.squaredNorm
      default: nil
      }
    }
    return norms.reduce(Tensor.zeros([], dtype: dtype), +)
  }

  /// `-mean log p(batch) + penalty * squaredNorm`, `[]`; the log-likelihood is in nats for each row.
  public func loss(_ batch: Tensor, penalty: Double = 0) -> Tensor {
    let fit = -logDensity(batch).mean()
    return penalty > 0 ? fit + penalty * squaredNorm : fit
  }

  /// `log p` of rows `[n, d]` in float64, whatever the flow was trained in.
  public func scores(_ rows: Tensor) -> [Double] {
    let exact = cast(to: .float64)
    let density = compile { (flow: KernelCouplingFlow, block: Tensor) -> Tensor in flow.logDensity(block) }
    let x = rows.cast(to: .float64)
    let block = 1024
    return stride(from: 0, to: rows.shape[0], by: block).flatMap { start in
      density(exact, x.slice(axis: 0, start..<min(start + block, rows.shape[0]))).doubles
    }
  }

  /// Trained scalars that have an effect: entries behind a mask and halves of triangular factors are not counted.
  public var effectiveParameterCount: Int {
    map.bijections.reduce(0) { count, bijection in
      switch bijection {
      case let linear as PLULinear: count + linear.order.count * linear.order.count
      case let masked as MaskedAutoregressive<MaskedNetwork>: count + masked.conditioner.connectionCount
      default: count + bijection.parameterCount
      }
    }
  }
}
