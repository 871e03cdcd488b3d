import Glibc

/// A failed system call: which one, and its errno.
package struct SystemError: Error, Equatable, CustomStringConvertible {
  package let operation: String
  package let code: Int32

  package init(_ operation: String, code: Int32) {
    self.operation = operation
    self.code = code
  }

  /// The error of the call that has just failed on this thread.
  package static func last(_ operation: String) -> SystemError { SystemError(operation, code: errno) }

  package var description: String { "\(operation): \(String(cString: strerror(code))) (errno \(code))" }
}
