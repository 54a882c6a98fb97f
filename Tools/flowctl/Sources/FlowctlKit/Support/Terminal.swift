import Foundation

/// Where messages go: results to standard output, everything else to standard error.
public enum Terminal {
  public static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
  public static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  public static func print(_ text: String) { put(text + "\n", STDOUT_FILENO) }
  public static func note(_ text: String) { put(text + "\n", STDERR_FILENO) }

  /// Text without a line break, for a progress line.
  public static func draw(_ text: String) { put(text, STDERR_FILENO) }

  /// Columns of the terminal, 80 where it is not known.
  static var width: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  private static func put(_ text: String, _ descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
