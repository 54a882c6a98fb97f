/// Why a text is not JSON, and where.
public struct JSONSyntaxError: Error, Equatable {
  public let line: Int
  public let column: Int
  public let reason: String
}

/// A strict reader of RFC 8259: no comments, no trailing commas, no repeated keys.
public struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  private init(_ text: String) { bytes = Array(text.utf8) }

  /// The value that `text` holds; throws `JSONSyntaxError`.
  public static func parse(_ text: String) throws(JSONSyntaxError) -> JSONValue {
    var parser = JSONParser(text)
    let value = try parser.value()
    parser.skipSpace()
    if parser.position < parser.bytes.count { throw parser.failure("unexpected text after the end of the document") }
    return value
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONValue {
    skipSpace()
    guard let byte = peek else { throw failure("the document ends where a value is expected") }
    depth += 1
    defer { depth -= 1 }
    if depth > 64 { throw failure("more than 64 nested levels") }
    switch byte {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try list()
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"): return try word("true", .flag(true))
    case UInt8(ascii: "f"): return try word("false", .flag(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func object() throws(JSONSyntaxError) -> JSONValue {
    var members: [JSONMember] = []
    position += 1
    skipSpace()
    if take("}") { return .object([]) }
    while true {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw failure("expected a key in double quotes") }
      let name = try string()
      if members.contains(where: { $0.name == name }) { throw failure("the key '\(name)' appears twice") }
      skipSpace()
      guard take(":") else { throw failure("expected ':' after the key '\(name)'") }
      members.append(JSONMember(name: name, value: try value()))
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw failure("expected ',' or '}' after the value of '\(name)'") }
    }
  }

  private mutating func list() throws(JSONSyntaxError) -> JSONValue {
    var values: [JSONValue] = []
    position += 1
    skipSpace()
    if take("]") { return .list([]) }
    while true {
      values.append(try value())
      skipSpace()
      if take("]") { return .list(values) }
      guard take(",") else { throw failure("expected ',' or ']' in a list") }
    }
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    var content: [UInt8] = []
    position += 1
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): content += Array(String(try escape()).utf8)
      case 0..<0x20: throw failure("a line break or control character inside text")
      default: content.append(byte)
      }
    }
    throw failure("text without its closing quote")
  }

  private mutating func escape() throws(JSONSyntaxError) -> Character {
    guard let byte = peek else { throw failure("text without its closing quote") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw failure("unknown escape in text")
    }
  }

  private mutating func unicodeEscape() throws(JSONSyntaxError) -> Character {
    let first = try hexadecimal()
    var scalar = first
    if (0xD800..<0xDC00).contains(first), take("\\"), take("u") {
      let second = try hexadecimal()
      guard (0xDC00..<0xE000).contains(second) else { throw failure("half of a surrogate pair in text") }
      scalar = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }
    guard let valid = Unicode.Scalar(scalar) else { throw failure("half of a surrogate pair in text") }
    return Character(valid)
  }

  private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
    guard position + 4 <= bytes.count,
      let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw failure("expected four hexadecimal digits after \\u") }
    position += 4
    return code
  }

  private mutating func number() throws(JSONSyntaxError) -> JSONValue {
    let start = position
    while let byte = peek, "+-0123456789.eE".utf8.contains(byte) { position += 1 }
    let literal = String(decoding: bytes[start..<position], as: UTF8.self)
    if let integer = Int(literal), isPlain(literal) { return .integer(integer) }
    if isPlain(literal), let number = Double(literal), number.isFinite { return .number(number) }
    position = start
    throw failure("expected a value")
  }

  /// JSON forbids what `Double("…")` allows: a leading plus, bare dots, and zeros in front.
  private func isPlain(_ literal: String) -> Bool {
    let digits = literal.drop { $0 == "-" }
    guard let first = digits.first, first.isNumber, digits.last?.isNumber == true else { return false }
    guard literal.count - digits.count <= 1, !literal.contains(".e"), !literal.contains(".E") else { return false }
    return !(first == "0" && digits.dropFirst().first?.isNumber == true)
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
    let letters = Array(word.utf8)
    guard bytes[position...].starts(with: letters) else { throw failure("expected a value") }
    position += letters.count
    return value
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private func failure(_ reason: String) -> JSONSyntaxError {
    let before = bytes[..<min(position, bytes.count)]
    let line = 1 + before.count { $0 == 0x0A }
    let column = 1 + (before.lastIndex(of: 0x0A).map { before.endIndex - $0 - 1 } ?? before.count)
    return JSONSyntaxError(line: line, column: column, reason: reason)
  }
}
