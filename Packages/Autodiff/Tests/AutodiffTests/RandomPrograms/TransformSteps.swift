import Autodiff

extension RandomOperation {
  private static let deepest = 2

  /// A step that applies a transform to a random function, where functions are not nested too deeply already.
  private static func transform(
    _ name: String, _ smoothness: Smoothness = .smooth, _ apply: @escaping @Sendable (inout StepContext, Body) -> Tensor?
  ) -> RandomOperation {
    RandomOperation(name, smoothness) { context in
      guard context.level < deepest else { return nil }
      let body = context.body()
      return apply(&context, body).map { context.bounded($0) }
    }
  }

  static let transforms: [RandomOperation] = [
    transform("grad") { context, body in
      let x = context.pick()
      return grad(x) { body.scalar([$0]) }
    },
    transform("valueAndGrad of two") { context, body in
      let pair = Pair(context.pick(), context.pick())
      let (value, gradient) = valueAndGrad(pair) { body.scalar([$0.first, $0.second]) }
      return gradient.first + value + context.fitted(gradient.second, to: gradient.first)
    },
    transform("jvp") { context, body in
      let x = context.pick()
      let tangent = context.fitted(context.pick(), to: x)
      let (value, change) = jvp(x, along: tangent) { body([$0]) }
      return value + change
    },
    transform("vjp") { context, body in
      let x = context.pick()
      let (value, pullback) = vjp(x) { body([$0]) }
      return pullback(cos(value)) + pullback(value)
    },
    transform("linearize") { context, body in
      let x = context.pick()
      let (value, pushforward) = linearize(x) { body([$0]) }
      return value + pushforward(cos(x)) * pushforward(x)
    },
    transform("hvp") { context, body in
      let x = context.pick()
      let vector = context.fitted(context.pick(), to: x)
      return hvp(x, along: vector) { body.scalar([$0]) }
    },
    transform("jacobian") { context, body in
      guard let x = context.pick({ $0.count <= 4 }) else { return nil }
      let scalars: @Sendable (Tensor) -> Tensor = { x in
        let y = body([x])
        return Tensor.stacked([sin(y).sum(), cos(y).sum()])
      }
      return jacobian(x, scalars)
    },
    transform("hessian") { context, body in
      guard let x = context.pick({ $0.count <= 3 }) else { return nil }
      return hessian(x) { body.scalar([$0]) }
    },
    transform("divergence") { context, body in
      guard let x = context.pick({ $0.rank == 2 && $0.shape[1] <= 3 }) else { return nil }
      let result = divergence(x) { x in
        let y = body([x])
        return sin(x) + StepContext(0, [x], level: body.level, style: body.style).fitted(y, to: x)
      }
      return result.divergence
    },
    transform("vmap") { context, body in
      guard let x = context.pick({ $0.rank > 0 && (1...5).contains($0.shape[0]) }) else { return nil }
      return vmap(x) { body([$0]) }
    },
    transform("vmap of two") { context, body in
      guard let x = context.pick({ $0.rank > 0 && (1...5).contains($0.shape[0]) }) else { return nil }
      return vmap(x, context.fitted(context.pick(), to: x)) { body([$0, $1]) }
    },
    transform("perExampleGradients") { context, body in
      guard let x = context.pick({ $0.rank > 0 && (1...4).contains($0.shape[0]) }) else { return nil }
      guard let model = context.pick({ $0.count <= 20 }) else { return nil }
      return perExampleGradients(model, x) { body.scalar([$0, $1]) }
    },
    transform("scan") { context, body in
      guard let x = context.pick({ $0.rank > 0 && $0.shape[0] <= 5 }) else { return nil }
      let start = context.pick()
      let reverse = context.dice.chance(30)
      let style = context.style
      let result = scan(start, over: x, reverse: reverse) { carry, element -> (Tensor, Tensor) in
        let next = body([carry, element])
        return (tanh(carry + StepContext(0, [carry], level: 0, style: style).fitted(next, to: carry)), cos(next))
      }
      return result.carry + result.outputs.sum() * 0.1
    },
    transform("outputs of a scan") { context, body in
      guard let x = context.pick({ $0.rank > 0 && $0.shape[0] <= 5 }) else { return nil }
      let result = scan(context.pick(), over: x) { carry, element -> (Tensor, Tensor) in (sin(carry), body([carry, element])) }
      return result.outputs
    },
    transform("loop") { context, body in
      let start = context.pick()
      let (count, style) = (context.dice.roll(5), context.style)
      return loop(count, from: start) { state, step -> Tensor in
        let next = body([state * (1 + 0.1 * step.cast(to: state.dtype))])
        return sin(state + StepContext(0, [state], level: 0, style: style).fitted(next, to: state))
      }
    },
    transform("checkpointed") { context, body in
      let x = [context.pick(), context.pick()]
      return checkpointed(x) { body($0) }
    },
    transform("customDerivative") { context, body in
      let x = context.pick()
      var body = body
      body.captured = []  // what it captures would count as constant
      let function = body
      return customDerivative(x, { function([$0]) }, pullback: { x, _, cotangent in vjp(x) { function([$0]) }.pullback(cotangent) })
    },
    transform("compiled") { context, body in
      let compiled = compile { (x: Tensor) -> Tensor in body([x]) }
      return compiled(context.pick())
    },
  ]
}
