/// Why something could not be sealed, opened or decoded. It never says more to the outside than this.
package enum CryptoError: Error, Equatable, Sendable {
  /// A secret is shorter than 32 bytes, or there is none at all.
  case weakSecret
  /// Sealed under a key that is not in the ring any more, or never was.
  case unknownKey
  /// Too short, changed, or sealed for another purpose.
  case notAuthentic
  /// OpenSSL failed at an operation that needs only memory; `code` is its error code.
  case library(operation: String, code: UInt)
}
