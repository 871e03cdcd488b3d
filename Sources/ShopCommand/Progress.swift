import Glibc

/// A line that counts up on a terminal; elsewhere nothing, so that logs stay readable.
enum Progress {
  private static var isShown: Bool { isatty(STDERR_FILENO) == 1 }

  static func show(_ text: String) {
    guard isShown else { return }
    let bytes = Array("\r\(text)\u{1B}[K".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }

  static func clear() { show("") }
}
