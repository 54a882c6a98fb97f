extension JSONValue {
  /// The document as indented text with keys in their order; numbers read back to the same bits.
  public var pretty: String { JSONWriter.text(of: self, indent: 0) + "\n" }

  /// The document on one line.
  public var compact: String { JSONWriter.line(of: self) }
}

private enum JSONWriter {
  static func text(of value: JSONValue, indent: Int) -> String {
    let inner = String(repeating: "  ", count: indent + 1)
    let outer = String(repeating: "  ", count: indent)
    switch value {
    case .object(let members) where !members.isEmpty:
      let lines = members.map { "\(inner)\(quoted($0.name)): \(text(of: $0.value, indent: indent + 1))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
    case .list(let values) where values.contains(where: isCompound):
      let lines = values.map { inner + text(of: $0, indent: indent + 1) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
    default: return line(of: value)
    }
  }

  static func line(of value: JSONValue) -> String {
    switch value {
    case .null: return "null"
    case .flag(let flag): return flag ? "true" : "false"
    case .integer(let integer): return String(integer)
    case .number(let number): return number.isFinite ? "\(number)" : "null"
    case .text(let text): return quoted(text)
    case .list(let values): return "[" + values.map(line).joined(separator: ", ") + "]"
    case .object(let members):
      return "{" + members.map { "\(quoted($0.name)): \(line(of: $0.value))" }.joined(separator: ", ") + "}"
    }
  }

  private static func isCompound(_ value: JSONValue) -> Bool {
    switch value {
    case .object, .list: true
    case .text(let text): text.count > 24
    default: false
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let code = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
