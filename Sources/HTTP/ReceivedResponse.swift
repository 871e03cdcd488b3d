/// A whole response, as a client got it.
package struct ReceivedResponse: Sendable {
  let section: FieldSection
  package let status: Int
  package let minorVersion: Int
  /// Whether the connection may carry another request (RFC 9112, section 9.3).
  package let isKeepAlive: Bool
  package let body: [UInt8]

  /// The value of the first field of this name (lower case here).
  package func field(_ name: StaticString) -> String? { section.string(name) }
  package func combinedField(_ name: StaticString) -> String? { section.combined(name) }
  package var fieldNames: [String] { section.names }
}
