import Glibc

/// A file descriptor with one owner: closed when it goes.
package struct Descriptor: ~Copyable, Sendable {
  package let number: Int32

  /// Takes ownership of `number`.
  package init(owning number: Int32) { self.number = number }

  deinit { close(number) }
}
