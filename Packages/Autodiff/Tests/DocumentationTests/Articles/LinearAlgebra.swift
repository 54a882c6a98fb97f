import Autodiff
import LinearAlgebra
import Testing

@Suite struct LinearAlgebraPage {
  @Test func evidenceOfAGaussianProcess() {
    let times = Tensor.iota([20], dtype: .float64) * 0.3
    let values = sin(times)
    let separation = times.expanded(axis: 1) - times.expanded(axis: 0)

    let logEvidence = { (width: Tensor) in
      let kernel = exp(-0.5 * square(separation / width))
      let covariance = kernel + 0.01 * Tensor.identity(20, dtype: .float64)
      let misfit = inner(values, covariance.solve(values))
      return -0.5 * (misfit + covariance.logDeterminant().logMagnitude)
    }
    let slope = grad(Tensor(1, dtype: .float64), logEvidence)
    let h = 1e-5
    let (after, before) = (logEvidence(Tensor(1 + h, dtype: .float64)), logEvidence(Tensor(1 - h, dtype: .float64)))
    #expect(isClose(slope, ((after - before) / (2 * h)).doubles, 1e-8))
  }
}
