/// What `--json` tells a program while a run goes on: one JSON object a line, `event` and `time` first.
public struct RunEvents: Sendable {
  private let put: (@Sendable (String) -> Void)?
  private let run: JSONValue

  /// `put` takes a line without its end; nil where nobody listens. `run`: the folder that every event names.
  public init(run: RunFolder? = nil, put: (@Sendable (String) -> Void)?) {
    self.put = put
    self.run = run.map { .text($0.path) } ?? .null
  }

  public static let silent = RunEvents(put: nil)
  public static let standardOutput = RunEvents { Terminal.print($0) }

  public var isHeard: Bool { put != nil }

  /// The same listener, told which run the events are of.
  func of(_ folder: RunFolder) -> RunEvents { RunEvents(run: folder, put: put) }

  public func send(_ event: String, _ members: [JSONMember]) {
    guard let put else { return }
    let head = [("event", JSONValue.text(event)), ("time", .text(Formatting.timestamp())), ("run", run)]
    put(JSONValue.object(head.map { JSONMember(name: $0.0, value: $0.1) } + members).compact)
  }

  func send(_ event: String, _ members: KeyValuePairs<String, JSONValue>) {
    send(event, members.map { JSONMember(name: $0.key, value: $0.value) })
  }

  /// The metrics of one recorded step.
  func step(_ step: Int, names: [String], values: [Double], seconds: Double) {
    let metrics = zip(names, values).map { JSONMember(name: $0, value: .finite($1)) }
    send(
      "step", [JSONMember(name: "step", value: .integer(step))] + metrics + [JSONMember(name: "seconds", value: .finite(seconds))])
  }

  /// Tells what ended `work` early, then throws it on.
  func reporting<Result>(_ work: () throws -> Result) throws -> Result {
    do { return try work() } catch let error as EarlyExit {
      throw error
    } catch {
      let code = (error as? UserError)?.exitCode ?? 1
      send("failed", ["message": .text("\(error)"), "exitCode": .integer(Int(code))])
      throw error
    }
  }
}
