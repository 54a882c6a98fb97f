import AutodiffTestSupport
import Testing

/// Adjoints, finite differences, second order, compilation and vmap, for every factorisation.
@Suite struct FactorisationLaws {
  @Test(arguments: FactorisationCatalogue.all) func adjointIdentity(_ primitive: PrimitiveCase) {
    DerivativeLaws.adjointIdentity(primitive)
  }
  @Test(arguments: FactorisationCatalogue.all) func finiteDifferences(_ primitive: PrimitiveCase) {
    DerivativeLaws.finiteDifferences(primitive)
  }
  @Test(arguments: FactorisationCatalogue.all) func secondOrder(_ primitive: PrimitiveCase) { DerivativeLaws.secondOrder(primitive) }
  @Test(arguments: FactorisationCatalogue.all) func compiledEqualsUncompiled(_ primitive: PrimitiveCase) {
    DerivativeLaws.compiledEqualsUncompiled(primitive)
  }
  @Test(arguments: FactorisationCatalogue.all) func vmapEqualsALoop(_ primitive: PrimitiveCase) { VectorizeLaws.equalsALoop(primitive) }
  @Test(arguments: FactorisationCatalogue.all) func sharedInputs(_ primitive: PrimitiveCase) { VectorizeLaws.sharedInputs(primitive) }
}
