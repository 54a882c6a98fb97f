import Autodiff

extension RandomOperation {
  static let randomNumbers: [RandomOperation] = [
    RandomOperation("normal") { context in
      let x = context.pick()
      let key = Key(seed: context.dice.next())
      return 0.8 * x + 0.3 * Tensor.normal(x.shape, key: key.split(2)[context.dice.roll(2)], dtype: x.dtype)
    },
    RandomOperation("uniform") { context in
      let x = context.pick()
      let key = Key(seed: context.dice.next()).folded(context.dice.roll(100))
      return x * Tensor.uniform(x.shape, key: key, dtype: x.dtype)
    },
    RandomOperation("bits") { context in
      let x = context.pick()
      let bits = Tensor.randomBits(x.shape, key: Key(seed: context.dice.next()))
      return x - 0.5 * (bits .< Tensor.zeros(like: bits)).cast(to: x.dtype)
    },
    RandomOperation("integers") { context in
      let x = context.pick()
      let integers = Tensor.randomIntegers(x.shape, in: -7..<12, key: Key(seed: context.dice.next()))
      return context.bounded(x + 0.1 * integers.cast(to: x.dtype))
    },
    RandomOperation("dropout") { context in
      let x = context.pick()
      let keep = Tensor.bernoulli(.full(x.shape, 0.7, dtype: x.dtype), key: Key(seed: context.dice.next()))
      return .where(keep, x / 0.7, .zeros(like: x))
    },
    RandomOperation("gamma numbers", .stopped) { context in
      let x = context.pick()
      let concentration = 0.4 + square(stopGradient(x))
      return x * 0.3 * sin(Tensor.gamma(x.shape, concentration: concentration, key: Key(seed: context.dice.next())))
    },
    RandomOperation("shuffle") { context in
      context.pick { $0.rank > 0 }.map { x in x - 0.4 * x.shuffled(key: Key(seed: 3)) }
    },
    RandomOperation("keys of examples") { context in
      guard let x = context.pick({ $0.rank > 0 && (1...6).contains($0.shape[0]) }) else { return nil }
      let keys = Tensor.stacked(Key(seed: context.dice.next()).split(x.shape[0]).map(\.words))
      return vmap(x, keys) { x, words -> Tensor in
        let key = Key(words: words)
        let noise = Tensor.uniform(x.shape, key: key.folded(3), dtype: x.dtype)
        let place = Tensor.permutation(3, key: key.split()[1])[0].cast(to: x.dtype)
        return x * noise + 0.1 * place
      }
    },
    RandomOperation("key of a number", .jumping) { context in
      let x = context.pick()
      let number = floor(context.mean(x) * 3 + 0.3141).cast(to: .int32)
      return x * Tensor.uniform(x.shape, key: Key(seed: 7).folded(number), dtype: x.dtype)
    },
  ]
}
