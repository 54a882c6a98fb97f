import Autodiff

/// How the weights `[in, out]` and the bias `[out]` of a layer are drawn.
public enum Initializer: String, Sendable, Codable, CaseIterable {
  /// Weight and bias uniform on `±1/sqrt(in)`: LeCun et al. (1998) as in PyTorch's `Linear`.
  case lecunUniform
  /// Weight uniform on `±sqrt(6/(in + out))`, bias 0: Glorot and Bengio (2010).
  case glorotUniform
  /// Weight normal with variance `2/in`, bias 0: He et al. (2015).
  case heNormal
  /// Weight and bias 0: a head that starts as the zero function.
  case zeros

  /// Weight `[inputs, outputs]`.
  public func weight(_ inputs: Int, _ outputs: Int, key: Key, dtype: DType) -> Tensor {
    let shape = [inputs, outputs]
    switch self {
    case .lecunUniform: return symmetricUniform(shape, 1 / Double(inputs).squareRoot(), key, dtype)
    case .glorotUniform: return symmetricUniform(shape, (6 / Double(inputs + outputs)).squareRoot(), key, dtype)
    case .heNormal: return Tensor.normal(shape, key: key, dtype: dtype) * (2 / Double(inputs)).squareRoot()
    case .zeros: return Tensor.zeros(shape, dtype: dtype)
    }
  }

  /// Bias `[outputs]`.
  public func bias(_ inputs: Int, _ outputs: Int, key: Key, dtype: DType) -> Tensor {
    switch self {
    case .lecunUniform: symmetricUniform([outputs], 1 / Double(inputs).squareRoot(), key, dtype)
    case .glorotUniform, .heNormal, .zeros: Tensor.zeros([outputs], dtype: dtype)
    }
  }

  private func symmetricUniform(_ shape: [Int], _ bound: Double, _ key: Key, _ dtype: DType) -> Tensor {
    (Tensor.uniform(shape, key: key, dtype: dtype) * 2.0 - 1.0) * bound
  }
}
