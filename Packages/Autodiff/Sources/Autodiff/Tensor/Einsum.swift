/// Sums of products in Einstein's notation: `einsum("bij,bjk->bik", x, y)`.
///
/// A letter names an axis; a letter that the result lacks is summed over, one that comes twice in an operand takes its diagonal.
/// `...` stands for any leading, trailing or inner axes, which broadcast. Without `->` the result has `...` and then, in
/// alphabetical order, the letters that come once.
public func einsum(_ equation: String, _ operands: Tensor...) -> Tensor { einsum(equation, operands) }

/// Sums of products in Einstein's notation, of a list of operands.
public func einsum(_ equation: String, _ operands: [Tensor]) -> Tensor {
  require(!operands.isEmpty, "einsum: no operands given for \"\(equation)\"")
  for operand in operands {
    require(
      operand.dtype == operands[0].dtype && operand.dtype != .bool,
      "einsum: \(operand.spec) and \(operands[0].spec) do not multiply; give all one numeric dtype")
  }
  let parsed = EinsteinEquation(equation)
  require(
    parsed.inputs.count == operands.count,
    "einsum: \"\(equation)\" names \(parsed.inputs.count) operands, but \(operands.count) were given")
  let terms = zip(parsed.inputs, operands).map { parsed.labelled($1, $0) }
  var extents: [Int: Int] = [:]
  for term in terms {
    for (label, extent) in zip(term.labels, term.tensor.shape) {
      let known = extents[label] ?? extent
      require(
        known == extent || label < 0 && (known == 1 || extent == 1),
        "einsum: \"\(equation)\" gives \(EinsteinEquation.name(label)) the extents \(known) and \(extent)")
      extents[label] = label < 0 && known != 1 ? known : extent
    }
  }
  let broadcastRank = terms.flatMap(\.labels).map { -$0 }.max().map { max($0, 0) } ?? 0
  let output = parsed.outputLabels(broadcastRank)
  // An axis of `...` that is to be repeated is left out: the others carry it.
  let squeezed = terms.map { term in
    let repeated = term.labels.indices.filter { term.labels[$0] < 0 && term.tensor.shape[$0] != extents[term.labels[$0]]! }
    return repeated.reversed().reduce(into: term) { term, axis in
      term.tensor = term.tensor.squeezed(axis: axis)
      term.labels.remove(at: axis)
    }
  }
  return contract(squeezed, to: output)
}

/// The text of an equation taken apart. A letter's label is its code; axes of `...` have the labels -1, -2, ... from the last.
private struct EinsteinEquation {
  enum Symbol: Equatable {
    case letter(Character)
    case ellipsis
  }

  let text: String
  let inputs: [[Symbol]]
  /// Nil where the equation has no arrow.
  let output: [Symbol]?

  init(_ text: String) {
    self.text = text
    var (sides, rest) = ([Substring](), text[...])
    while let arrow = rest.firstIndex(of: "-") {
      let next = rest.index(after: arrow)
      require(next < rest.endIndex && rest[next] == ">", "einsum: \"\(text)\" has a '-' that is not part of '->'")
      sides.append(rest[..<arrow])
      rest = rest[rest.index(after: next)...]
    }
    sides.append(rest)
    require(sides.count <= 2, "einsum: \"\(text)\" has more than one '->'")
    inputs = sides[0].split(separator: ",", omittingEmptySubsequences: false).map { EinsteinEquation.symbols($0, text) }
    output = sides.count == 2 ? EinsteinEquation.symbols(sides[1], text) : nil
  }

  private static func symbols(_ part: Substring, _ text: String) -> [Symbol] {
    var symbols: [Symbol] = []
    var rest = part.filter { $0 != " " }[...]
    while let next = rest.first {
      if rest.hasPrefix("...") {
        require(!symbols.contains(.ellipsis), "einsum: \"\(text)\" has '...' twice in one operand")
        symbols.append(.ellipsis)
        rest = rest.dropFirst(3)
      } else {
        require(next.isLetter && next.isASCII, "einsum: \"\(text)\" has '\(next)', which is neither a letter nor '...'")
        symbols.append(.letter(next))
        rest = rest.dropFirst()
      }
    }
    return symbols
  }

  static func name(_ label: Int) -> String { label < 0 ? "an axis of '...'" : "'\(Character(UnicodeScalar(UInt8(label))))'" }

  /// `operand` with the labels that `symbols` gives its axes.
  func labelled(_ operand: Tensor, _ symbols: [Symbol]) -> LabelledTensor {
    let letters = symbols.filter { $0 != .ellipsis }.count
    let extra = operand.rank - letters
    require(
      symbols.contains(.ellipsis) ? extra >= 0 : extra == 0,
      "einsum: \"\(text)\" names \(letters) axes of an operand of shape \(operand.shape)")
    return LabelledTensor(tensor: operand, labels: EinsteinEquation.labels(symbols, extra))
  }

  /// The labels of the result, whose operands broadcast over `broadcastRank` axes.
  func outputLabels(_ broadcastRank: Int) -> [Int] {
    let known = inputs.flatMap { $0 }.filter { $0 != .ellipsis }
    guard let output else {
      let once = known.filter { symbol in known.filter { $0 == symbol }.count == 1 }
      return EinsteinEquation.labels([.ellipsis], broadcastRank) + EinsteinEquation.labels(once, 0).sorted()
    }
    for symbol in output where symbol != .ellipsis {
      require(known.contains(symbol), "einsum: the result of \"\(text)\" has a letter that no operand has")
      require(output.filter { $0 == symbol }.count == 1, "einsum: the result of \"\(text)\" has a letter twice")
    }
    require(
      broadcastRank == 0 || output.contains(.ellipsis), "einsum: the result of \"\(text)\" lacks the '...' of the operands; add it")
    return EinsteinEquation.labels(output, broadcastRank)
  }

  private static func labels(_ symbols: [Symbol], _ ellipsisRank: Int) -> [Int] {
    symbols.flatMap { symbol -> [Int] in
      switch symbol {
      case .letter(let letter): [Int(letter.asciiValue!)]
      case .ellipsis: (0..<ellipsisRank).map { $0 - ellipsisRank }
      }
    }
  }
}
