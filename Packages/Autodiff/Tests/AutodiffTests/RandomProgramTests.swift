import Autodiff
import Foundation
import Testing

/// Random programs of every primitive: fused, split into shards and laid out in planned memory, and interpreted node by node.
@Suite struct RandomProgramTests {
  static let chunks = 30
  static let programsPerChunk = 100

  @Test(arguments: 0..<chunks) func compiledEqualsInterpretedAndDerivativesAreRight(_ chunk: Int) {
    for seed in chunk * RandomProgramTests.programsPerChunk..<(chunk + 1) * RandomProgramTests.programsPerChunk {
      let program = RandomProgram(seed: seed)
      let uncompiled = seed % 8 == 0
      guard let mistake = ProgramCheck(program).mistake(uncompiled: uncompiled) else { continue }
      let smallest = program.shrunk { ProgramCheck($0).mistake(uncompiled: uncompiled) != nil }
      Issue.record("\(mistake)\n\(smallest.listing)")
    }
  }

  /// What the catalogue of primitives uses, random programs use.
  @Test func programsUseEveryPrimitive() {
    func names(_ prepared: BothExecutors.Prepared) -> Set<String> {
      Set(prepared.reference.description.split(separator: "\n").compactMap { $0.firstMatch(of: /%\d+ = (\w+)/).map { String($0.1) } })
    }
    var unused: Set<String> = []
    for primitive in PrimitiveCatalogue.all {
      unused.formUnion(names(BothExecutors.prepare(primitive.inputs) { [primitive.function($0)] }))
    }
    for seed in 0..<2000 where !unused.isEmpty { unused.subtract(names(ProgramCheck(RandomProgram(seed: seed)).prepared)) }
    #expect(unused == [])
  }

  /// In a process of its own, because the instruction set is chosen once.
  static func agreesWithInterpreter(on instructionSet: String) {
    setenv("AUTODIFF_SIMD", instructionSet, 1)
    for seed in 0..<150 {
      let mistake = ProgramCheck(RandomProgram(seed: seed)).mistake(uncompiled: false)
      precondition(mistake == nil, "\(Execution.instructionSet), seed \(seed): \(mistake!)")
    }
  }

  @Test func everyInstructionSetAgreesWithTheInterpreter() async {
    await #expect(processExitsWith: .success) { RandomProgramTests.agreesWithInterpreter(on: "baseline") }
    await #expect(processExitsWith: .success) { RandomProgramTests.agreesWithInterpreter(on: "avx2") }
    await #expect(processExitsWith: .success) { RandomProgramTests.agreesWithInterpreter(on: "avx512") }
  }
}

extension CompileTests {
  /// Here, because this suite runs one test at a time and the number of threads belongs to all.
  @Test func randomProgramsHaveTheSameBitsForAnyNumberOfThreads() {
    let before = Execution.threadCount
    defer { Execution.threadCount = before }
    let batched = (0..<1000).map { RandomProgram(seed: $0) }.filter { $0.style.batch > 0 }
    let sharded = batched.map { ProgramCheck($0) }.filter { "\($0.prepared.fast)".contains("shards of") }
    for check in sharded {
      let results = [1, 2, 3, 8].map { threads in
        Execution.threadCount = threads
        return check.prepared.fast.call(check.inputs + check.directions).map(\.doubles)
      }
      #expect(results.allSatisfy { $0 == results[0] }, "\(check.program.listing)")
    }
    #expect(sharded.count >= 20, "\(sharded.count) of \(batched.count) programs run in shards")
  }
}
