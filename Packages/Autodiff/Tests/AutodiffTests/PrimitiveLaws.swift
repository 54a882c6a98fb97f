import AutodiffTestSupport
import Testing

/// Laws that hold for every differentiable primitive.
@Suite struct PrimitiveLaws {
  /// `stopGradient` is there to break these laws.
  private static let smooth = PrimitiveCatalogue.all.filter { $0.name != "stop" }

  @Test(arguments: PrimitiveCatalogue.all) func adjointIdentity(_ primitive: PrimitiveCase) { DerivativeLaws.adjointIdentity(primitive) }
  @Test(arguments: smooth) func finiteDifferences(_ primitive: PrimitiveCase) { DerivativeLaws.finiteDifferences(primitive) }
  @Test(arguments: smooth) func secondOrder(_ primitive: PrimitiveCase) { DerivativeLaws.secondOrder(primitive) }
  @Test(arguments: PrimitiveCatalogue.all) func compiledEqualsUncompiled(_ primitive: PrimitiveCase) {
    DerivativeLaws.compiledEqualsUncompiled(primitive)
  }
}
