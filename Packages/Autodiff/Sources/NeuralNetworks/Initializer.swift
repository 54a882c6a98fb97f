import Autodiff

/// How the weights `[in, out]` and the bias `[out]` of a layer are drawn.
public enum Initializer: String, Sendable, Codable, CaseIterable {
  /// Weight and bias uniform on `±1/sqrt(in)`: LeCun et al. (1998) as in PyTorch's `Linear`.
  case lecunUniform
  /// Weight normal with variance `1/in`, bias 0: LeCun et al. (1998), Klambauer et al. (2017).
  case lecunNormal
  /// Weight uniform on `±sqrt(6/(in + out))`, bias 0: Glorot and Bengio (2010), "Xavier".
  case glorotUniform
  /// Weight normal with variance `2/(in + out)`, bias 0: Glorot and Bengio (2010), "Xavier".
  case glorotNormal
  /// Weight uniform on `±sqrt(6/in)`, bias 0: He et al. (2015), "Kaiming".
  case heUniform
  /// Weight normal with variance `2/in`, bias 0: He et al. (2015), "Kaiming".
  case heNormal
  /// Weight normal, cut at two standard deviations, with variance `1/in` after the cut, bias 0: as Flax's default layers.
  case truncatedNormal
  /// Weight with orthonormal columns, or rows where `in < out`, uniform over all of these; bias 0: Saxe et al. (2014).
  case orthogonal
  /// Weight and bias 0: a head that starts as the zero function.
  case zeros

  /// Weight `[inputs, outputs]`.
  public func weight(_ inputs: Int, _ outputs: Int, key: Key, dtype: DType) -> Tensor {
    let (shape, n, m) = ([inputs, outputs], Double(inputs), Double(outputs))
    switch self {
    case .lecunUniform: return symmetricUniform(shape, 1 / n.squareRoot(), key, dtype)
    case .lecunNormal: return Tensor.normal(shape, key: key, dtype: dtype) * (1 / n).squareRoot()
    case .glorotUniform: return symmetricUniform(shape, (6 / (n + m)).squareRoot(), key, dtype)
    case .glorotNormal: return Tensor.normal(shape, key: key, dtype: dtype) * (2 / (n + m)).squareRoot()
    case .heUniform: return symmetricUniform(shape, (6 / n).squareRoot(), key, dtype)
    case .heNormal: return Tensor.normal(shape, key: key, dtype: dtype) * (2 / n).squareRoot()
    case .truncatedNormal:
      // Standard deviation of a standard normal number given that it lies within ±2.
      let deviation = 0.87962566103423978
      return Tensor.truncatedNormal(shape, lower: -2, upper: 2, key: key, dtype: dtype) * (1 / n.squareRoot() / deviation)
    case .orthogonal: return orthogonal(inputs, outputs, key).cast(to: dtype)
    case .zeros: return Tensor.zeros(shape, dtype: dtype)
    }
  }

  /// Bias `[outputs]`.
  public func bias(_ inputs: Int, _ outputs: Int, key: Key, dtype: DType) -> Tensor {
    self == .lecunUniform ? symmetricUniform([outputs], 1 / Double(inputs).squareRoot(), key, dtype) : .zeros([outputs], dtype: dtype)
  }

  private func symmetricUniform(_ shape: [Int], _ bound: Double, _ key: Key, _ dtype: DType) -> Tensor {
    (Tensor.uniform(shape, key: key, dtype: dtype) * 2.0 - 1.0) * bound
  }

  /// The factor Q of a normal matrix, float64, by Cholesky factors of Gram matrices: `A = Q Lᵀ`, `A ᵀA = L Lᵀ`.
  ///
  /// L has a positive diagonal, so Q is uniform (Mezzadri 2007). One such pass loses as many digits as A has bad condition: the
  /// first is shifted to survive any A, two more bring Q to rounding (Fukaya et al. 2020, "Shifted Cholesky QR").
  private func orthogonal(_ inputs: Int, _ outputs: Int, _ key: Key) -> Tensor {
    let (long, short) = (max(inputs, outputs), min(inputs, outputs))
    let identity = Tensor.identity(short, dtype: .float64)
    var rows = Tensor.normal([long, short], key: key, dtype: .float64).transposed()
    for shift in [1e-12 * Double(long), 0, 0] {
      rows = (rows.matmul(rows.transposed()) + shift * identity).cholesky().triangularSolve(rows)
    }
    return inputs < outputs ? rows : rows.transposed()
  }
}
