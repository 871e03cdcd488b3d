import ArgumentParser
import Glibc
import ShopService

/// A whole file, or standard input, within the limit of an import.
enum InputFile {
  private static let largest = 64 * 1_048_576

  static func read(_ path: String) throws -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failed(path, String(cString: strerror(errno)), ExitCode(66)) }  // EX_NOINPUT
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failed(path, String(cString: strerror(errno)), ExitCode(66)) }
      if count == 0 { return content }
      guard content.count + count <= largest else { throw failed(path, "larger than 64 MB: split it", ExitCode(65)) }
      content += buffer[..<count]
    }
  }

  private static func failed(_ path: String, _ reason: String, _ code: ExitCode) -> ExitCode {
    Settings.complain("shop: cannot read \(path == "-" ? "standard input" : path): \(reason)")
    return code
  }
}
