#if canImport(Runtime) && os(Linux)
  import Runtime
#endif

/// Traps with `message` and the lines of the caller's own code unless `condition` holds.
///
/// Operators cannot take a file and a line, and a line inside of a library helps nobody: the way into the engine is read off
/// the stack instead.
@inlinable
public func require(_ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String) {
  if !condition() { misuse(message()) }
}

/// Ends the program because of a mistake in the calling code: `message` and the lines that led here.
@usableFromInline
func misuse(_ message: String) -> Never {
  let trail = CallTrail.lines().map { "\n    at \($0)" }.joined()
  fatalError(message + trail)
}

/// Source positions on the stack outside of the engine.
enum CallTrail {
  private static let longest = 3

  /// Innermost first; empty where a program carries no line tables.
  static func lines() -> [String] {
    #if canImport(Runtime) && os(Linux)
      guard let stack = try? Backtrace.capture(limit: 64).symbolicated() else { return [] }
      let positions = stack.frames.compactMap { frame -> String? in
        guard let symbol = frame.symbol, let place = symbol.sourceLocation, !isEngine(place.path), place.line > 0 else { return nil }
        return "\(place.path):\(place.line)"
      }
      return Array(positions.prefix(longest))
    #else
      return []
    #endif
  }

  private static func isEngine(_ path: String) -> Bool {
    path.contains("Sources/Autodiff/") || path.contains("Sources/LinearAlgebra/") || path.contains("swift-generated-sources")
      || path.contains("<compiler")
  }
}
