import FlowctlKit
import Testing

@Suite struct ProgressTests {
  @Test func plainLinesComeEveryFewSeconds() {
    var seconds = 0.0
    var text = ""
    let display = ProgressDisplay(style: .plain, total: 100, clock: { seconds }, put: { text += $0 })
    for step in 1...100 {
      seconds += 0.125
      display.update(step: step, loss: 1 / Double(step))
    }
    display.finish()
    let lines = text.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0] == "step 1/100  1 %  loss 1.0000")
    #expect(lines[1] == "step 41/100  41 %  loss 0.024390  8.00 steps/s  7.4 s left")
    #expect(lines[3] == "step 100/100  100 %  loss 0.010000  8.00 steps/s")
  }

  @Test func theLineTellsOfGradientsAndStalls() {
    var seconds = 0.0
    var text = ""
    let display = ProgressDisplay(style: .plain, total: 20, clock: { seconds }, put: { text += $0 })
    for step in 1...20 {
      seconds += 1
      display.update(step: step, loss: 2, gradientNorm: 0.5, dataSeconds: 0.25 * Double(step))
    }
    #expect(text.hasSuffix("step 20/20  100 %  loss 2.0000  gradient 0.500  1.00 steps/s  waiting for data 25 %\n"))
    #expect(text.hasPrefix("step 1/20  5 %  loss 2.0000  gradient 0.500\n"))
  }

  @Test func aTerminalLineIsRedrawnAndEnded() {
    var text = ""
    let display = ProgressDisplay(style: .redrawn, total: 2, clock: { 0 }, put: { text += $0 })
    display.update(step: 2, loss: .nan)
    display.finish()
    display.finish()
    #expect(text == "\r\u{1B}[2K████████████████████ step 2/2  100 %  loss nan\n")
  }

  @Test(arguments: [(4.25, "4.2 s"), (59.7, "1 min 00 s"), (185.0, "3 min 05 s"), (7800.0, "2 h 10 min"), (Double.nan, "?")])
  func timesAreReadable(_ seconds: Double, _ text: String) { #expect(Formatting.duration(seconds) == text) }

  @Test(arguments: [
    (0.0, "0"), (0.01234567, "0.01235"), (1234.567, "1235"), (1.5e-9, "1.500e-09"), (-2.0, "-2.000"), (Double.infinity, "inf"),
  ])
  func numbersAreReadable(_ value: Double, _ text: String) { #expect(Formatting.number(value) == text) }

  @Test(arguments: [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (4215, "4.2 kB"), (123_456, "123 kB"), (999_600, "1 MB")])
  func sizesAreReadable(_ count: Int, _ text: String) { #expect(Formatting.bytes(count) == text) }

  @Test(arguments: [(0.05, "0.05"), (80.0, "80"), (100.0, "100"), (0.0, "0"), (1.25e-9, "1.250e-09")])
  func limitsHaveNoIdleZeros(_ value: Double, _ text: String) { #expect(Formatting.tidy(value) == text) }
}

@Suite struct CommandLineTests {
  @Test(arguments: [
    ["trian"], ["train"], ["train", "x", "--sett", "a=b"], ["train", "nhf-gmm2d", "--set", "training.step=3", "--dry-run"],
    ["train", "no-such-recipe"], ["sample", "/tmp", "-n", "zero"], ["test", "--package", "Nope"], ["train", "nhf-gmm2d", "--threads", "0"],
  ])
  func wrongCommandLinesGive64(_ arguments: [String]) {
    #expect(FlowctlCommand.exitCode(arguments: arguments) == 64)
  }

  @Test func failuresGive1AndHelpGives0() {
    #expect(FlowctlCommand.exitCode(arguments: ["resume", "/nowhere"]) == 1)
    #expect(FlowctlCommand.exitCode(arguments: ["train", "/nowhere.json"]) == 1)
    #expect(FlowctlCommand.exitCode(arguments: ["train", "--help"]) == 0)
    #expect(FlowctlCommand.exitCode(arguments: ["train", "nhf-gmm2d", "--dry-run"]) == 0)
  }
}
