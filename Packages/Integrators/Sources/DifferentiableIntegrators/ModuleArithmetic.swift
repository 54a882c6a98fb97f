import Autodiff

extension Module {
  /// factor · self, for a scalar tensor of any floating-point dtype.
  func scaled(by factor: Tensor) -> Self {
    mapTensors { $0.dtype.isFloatingPoint ? factor.cast(to: $0.dtype) * $0 : $0 }
  }

  var negated: Self { mapTensors { $0.dtype.isFloatingPoint ? -$0 : $0 } }

  var zeros: Self { mapTensors { .zeros(like: $0) } }

  /// self + scale · other, in trained floating-point tensors; the others stay.
  func adding(_ scale: Double = 1, times other: Self) -> Self {
    zipParameters(other) { $0.dtype.isFloatingPoint ? $0 + (scale == 1 ? $1 : scale * $1) : $0 }
  }

  /// The same values, through which no derivative passes.
  var detached: Self { mapTensors(stopGradient) }

  /// Σ self · other over all floating-point elements, a scalar of `dtype`.
  func inner(_ other: Self, dtype: DType) -> Tensor {
    zip(tensors(), other.tensors()).reduce(Tensor(0, dtype: dtype)) { sum, pair in
      pair.0.dtype.isFloatingPoint ? sum + (pair.0 * pair.1).sum().cast(to: dtype) : sum
    }
  }
}
