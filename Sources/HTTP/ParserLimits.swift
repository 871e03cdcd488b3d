/// Bounds of what a request may bring (RFC 9112, section 3; RFC 6585, section 5).
package struct ParserLimits: Sendable {
  package var requestLine = 16 * 1_024
  /// The whole head.
  package var head = 32 * 1_024
  package var fields = 100
  /// Content, where a route does not say otherwise.
  package var body = 1_024 * 1_024
  /// Chunk extensions and trailers of one request, which are read and dropped.
  package var chunkOverhead = 8 * 1_024

  package init() {}
}
