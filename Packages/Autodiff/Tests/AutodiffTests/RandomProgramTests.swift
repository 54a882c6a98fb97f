import Autodiff
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
}
