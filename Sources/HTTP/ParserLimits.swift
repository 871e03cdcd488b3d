/// Bounds of what a message may bring (RFC 9112, section 3; RFC 6585, section 5). None may exceed 2^31.
package struct ParserLimits: Sendable {
  /// Bytes of the first line; more is 414.
  package var requestLine = 16 * 1_024
  /// Bytes of all field lines together; more is 431.
  package var head = 32 * 1_024
  package var fields = 100
  /// Content, where a route does not say otherwise; more is 413.
  package var body = 1_024 * 1_024
  /// Chunk extensions and trailers of one message, which are read and dropped.
  package var chunkOverhead = 8 * 1_024
  /// Empty lines before a request line (RFC 9112, section 2.2), and interim responses before a response.
  package var preludes = 4

  package init() {}
}
