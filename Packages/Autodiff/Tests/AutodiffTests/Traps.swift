import Testing

/// Whether a process that trapped said so in these words.
func expectMessage(_ exit: ExitTest.Result?, _ message: String, sourceLocation: SourceLocation = #_sourceLocation) {
  let said = String(decoding: exit?.standardErrorContent ?? [], as: UTF8.self)
  #expect(said.contains(message), "\(said)", sourceLocation: sourceLocation)
}
