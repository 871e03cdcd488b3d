/// SHA-256 (FIPS 180-4), at once or piece by piece.
package struct SHA256: ~Copyable {
  /// How many bytes a digest has.
  package static let length = 32

  private let context = DigestContext()

  package init() {}

  package mutating func update(_ bytes: [UInt8]) {
    context.update(bytes)
  }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    context.update(bytes)
  }

  package mutating func update(_ text: String) {
    var text = text
    text.withUTF8 { context.update(UnsafeRawBufferPointer($0)) }
  }

  /// The 32 bytes.
  package consuming func finish() -> [UInt8] {
    context.finish()
  }

  /// The digest of bytes that are all there.
  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }

  /// The digest of a text's UTF-8.
  package static func digest(_ text: String) -> [UInt8] {
    var hash = SHA256()
    hash.update(text)
    return hash.finish()
  }
}
