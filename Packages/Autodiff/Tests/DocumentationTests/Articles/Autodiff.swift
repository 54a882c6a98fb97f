import Autodiff
import Testing

func potential(_ q: Tensor) -> Tensor {
  (0.5 * square(q) + 0.1 * square(square(q))).sum()
}

@Suite struct LandingPage {
  @Test func aPotential() {
    let q = Tensor([1, -2], dtype: .float64)
    let force = -grad(q, potential)
    let stiffness = hessian(q, potential)
    let everyForce = vmap(Tensor.stacked([q, 2 * q])) { -grad($0, potential) }
    #expect(isClose(force, [-1.4, 5.2]))
    #expect(isClose(stiffness, [2.2, 0, 0, 5.8]))
    #expect(isClose(everyForce, [-1.4, 5.2, -5.2, 29.6]))

    let leapfrog = compile { (q: Tensor, p: Tensor) -> (Tensor, Tensor) in
      let half = p - 0.005 * grad(q, potential)
      let next = q + 0.01 * half
      return (next, half - 0.005 * grad(next, potential))
    }
    var (position, momentum) = (q, Tensor([0, 1], dtype: .float64))
    for _ in 0..<100 { (position, momentum) = leapfrog(position, momentum) }
    let energy = (potential(position) + 0.5 * square(momentum).sum()).item()
    #expect(abs(energy - 4.7) < 1e-3)
  }
}
