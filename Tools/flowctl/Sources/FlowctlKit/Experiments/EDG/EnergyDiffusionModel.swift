import Autodiff
import EDG
import NeuralNetworks
import Probability

/// Either decoder, chosen by a recipe.
enum ChosenDecoder: Decoder {
  case plain(PlainDecoder)
  case hamiltonian(HamiltonianDecoder<FunctionEnergy>)

  var latentDimension: Int {
    switch self {
    case .plain(let decoder): decoder.latentDimension
    case .hamiltonian(let decoder): decoder.latentDimension
    }
  }

  var eventDimension: Int {
    switch self {
    case .plain(let decoder): decoder.eventDimension
    case .hamiltonian(let decoder): decoder.eventDimension
    }
  }

  func callAsFunction(_ z: Tensor) -> ConditionalNormal {
    switch self {
    case .plain(let decoder): decoder(z)
    case .hamiltonian(let decoder): decoder(z)
    }
  }

  mutating func walk(_ walker: inout some Walker) {
    switch self {
    case .plain(var decoder):
      decoder.walk(&walker)
      self = .plain(decoder)
    case .hamiltonian(var decoder):
      decoder.walk(&walker)
      self = .hamiltonian(decoder)
    }
  }
}

typealias EnergyDiffusionModel = DiffusionGenerator<ChosenDecoder, BoundaryExactScore>

extension EnergyDiffusionSettings {
  /// The untrained model: positions `N(0, spread²)`, no corrections, a score that knows the ends alone.
  func model(of energy: FunctionEnergy, key: Key, dtype: DType) -> EnergyDiffusionModel {
    let d = energy.eventShape[0]
    let keys = key.split(decoder.blocks + 3)
    let factor = Tensor.identity(d, dtype: dtype) * decoder.spread
    let chosen: ChosenDecoder
    switch decoder.kind {
    case .plain:
      chosen = .plain(
        PlainDecoder(
          latentDimension: d, center: .zeros([d], dtype: dtype), factor: factor, deviation: decoder.deviation, hidden: decoder.hidden,
          key: keys[0]))
    case .hamiltonian:
      let network = { (sizes: [Int], activation: Activation, key: Key) in
        MLP(sizes: sizes, activation: activation, lastInitializer: .zeros, key: key, dtype: dtype)
      }
      chosen = .hamiltonian(
        HamiltonianDecoder(
          gradient: LimitedGradient(of: energy, limit: decoder.gradientLimit), baseStep: decoder.baseStep,
          affine: Linear(weight: factor, bias: .zeros([d], dtype: dtype)), network: network([d] + decoder.hidden + [d], .silu, keys[0]),
          blocks: (0..<decoder.blocks).map {
            HamiltonianBlock(
              dimension: d, iterations: decoder.iterations, hidden: decoder.blockHidden, key: keys[$0 + 3], dtype: dtype)
          }, langevin: network([d] + decoder.blockHidden + [1], .tanh, keys[1])))
    }
    return EnergyDiffusionModel(
      decoder: chosen,
      score: BoundaryExactScore(
        latentDimension: chosen.latentDimension, eventScale: .full([d], max(decoder.spread, 1), dtype: dtype),
        gate: encoder.gate == .learned ? .learned : .linear, width: encoder.width, blocks: encoder.blocks, key: keys[2]),
      diffusion: LatentDiffusion(encoder.schedule == .vp ? .variancePreserving : .subVariancePreserving))
  }

  var times: DiffusionTimes { encoder.times == .importance ? .importance(start: encoder.start) : .uniform(start: encoder.start) }

  /// The bound to be minimised at a step `[1]` (a float) of a run of `steps`, and how many rows were rejected.
  func loss(
    _ model: EnergyDiffusionModel, _ energy: FunctionEnergy, step: Tensor, steps: Int, batch: Int, key: Key, dtype: DType
  ) -> Tensor {
    let keys = key.split()
    let form: BoundForm =
      encoder.form == .denoising ? .denoising : .divergence(.hutchinson(probes: 1, key: keys[1]))
    let current = step.squeezed(axis: 0)
    let moving = (current .>= Double(annealing.freezeSteps)).cast(to: dtype)
    var model = model
    model.decoder = model.decoder.mapParameters { stopGradient($0) + moving * ($0 - stopGradient($0)) }
    let noise = model.noise(batch, times: times, key: keys[0], dtype: dtype)
    let progress = current / max(annealing.fraction * Double(steps), 1)
    switch annealing.kind {
    case .none: return model.bound(energy, noise: noise, form: form, gradientLimit: decoder.gradientLimit).mean
    case .temperature:
      let inverse = exp((1.0 - minimum(progress, Tensor(1, dtype: dtype))) * log(Tensor(annealing.from, dtype: dtype)))
      return model.bound(energy, noise: noise, form: form, gradientLimit: decoder.gradientLimit).mean(inverseTemperature: inverse)
    case .broad:
      let level = annealing.from + (annealing.to - annealing.from) * progress
      let broadened = BroadenedEnergy(
        energy, level: level, center: .zeros(energy.eventShape, dtype: dtype), scale: annealing.scale)
      let mixed = FunctionEnergy(eventShape: energy.eventShape) { x in
        let plain = energy(x)
        return .where((progress .< 1).broadcast(to: plain.shape), broadened(x), plain)
      }
      return model.bound(mixed, noise: noise, form: form, gradientLimit: decoder.gradientLimit).mean
    }
  }
}
