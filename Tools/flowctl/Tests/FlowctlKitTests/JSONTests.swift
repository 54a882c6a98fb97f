import FlowctlKit
import Testing

@Suite struct JSONTests {
  @Test func readsEveryKindOfValueAndKeepsOrder() throws {
    let text = " {\"b\": [1, -2.5e3, true, false, null], \"a\": \"x\\n\\u00e9\\ud83d\\ude00\\\"\", \"e\": {}, \"l\": []} "
    let value = try JSONParser.parse(text)
    #expect(value.members?.map(\.name) == ["b", "a", "e", "l"])
    #expect(value["b"] == .list([.integer(1), .number(-2500), .flag(true), .flag(false), .null]))
    #expect(value["a"]?.text == "x\né😀\"")
    #expect(try JSONParser.parse(value.pretty) == value)
    #expect(try JSONParser.parse(value.compact) == value)
  }

  @Test(arguments: [
    "", "tru", "1 2", "+1", ".5", "1.", "1.e3", "--1", "0x1", "nan", "\"a", "\"\\x\"", "[1,]", "{\"a\" 1}", "\"\\ud800\"", "1e999",
  ])
  func refusesWhatIsNotJSON(_ text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(text) }
  }

  @Test func refusesTowersOfBrackets() {
    #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(String(repeating: "[", count: 100_000)) }
  }

  @Test(arguments: [0.1, 1e-8, 1.0 / 3, -0.0, Double.leastNonzeroMagnitude, Double.greatestFiniteMagnitude])
  func numbersReadBackToTheSameBits(_ number: Double) throws {
    #expect(try JSONParser.parse(JSONValue.number(number).compact).number?.bitPattern == number.bitPattern)
  }

  @Test func whatJSONCannotSayBecomesNull() {
    #expect(JSONValue.finite(.nan) == .null && JSONValue.finite(nil) == .null && JSONValue.finite(2) == .number(2))
  }
}

@Suite struct SuggestionTests {
  @Test func countsEdits() {
    #expect(Suggestion.distance("kitten", "sitting") == 3)
    #expect(Suggestion.distance("stpes", "steps") == 1)
    #expect(Suggestion.distance("", "abc") == 3 && Suggestion.distance("abc", "abc") == 0)
  }

  @Test func isSilentWhenNothingIsNear() {
    #expect(Suggestion.nearest(to: "zzzzzz", among: ["train", "test"]) == nil)
    #expect(Suggestion.nearest(to: "trian", among: ["train", "test"]) == "train")
    #expect(Suggestion.nearest(to: "x", among: []) == nil)
  }
}
