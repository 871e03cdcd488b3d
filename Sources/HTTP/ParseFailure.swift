/// Why bytes are not an acceptable message: each ends the connection, since what follows cannot be trusted to be a message.
package struct ParseFailure: Error, Equatable, Sendable {
  package let status: Int
  /// Stable, for programs.
  package let code: String
  package let detail: String
  /// The rule that is broken, such as `RFC 9112, 5.1`; empty where it is a limit of this server.
  package let section: String

  package init(_ status: Int, _ code: String, _ detail: String, section: String = "") {
    self.status = status
    self.code = code
    self.detail = detail
    self.section = section
  }

  package static func malformed(_ detail: String, section: String) -> ParseFailure {
    ParseFailure(400, "malformed_request", detail, section: section)
  }

  package static func framing(_ detail: String, section: String) -> ParseFailure {
    ParseFailure(400, "invalid_framing", detail, section: section)
  }

  static let targetTooLong = ParseFailure(
    414, "uri_too_long", "the request line is longer than the limit", section: "RFC 9112, 3")
  static let fieldsTooLarge = ParseFailure(
    431, "header_fields_too_large", "the header fields are larger than the limit", section: "RFC 6585, 5")
  static let methodNotImplemented = ParseFailure(
    501, "method_not_implemented", "this method is not implemented", section: "RFC 9110, 9.1")
  static let versionNotSupported = ParseFailure(
    505, "version_not_supported", "only HTTP/1.0 and HTTP/1.1 are spoken here", section: "RFC 9110, 15.6.6")
  static let codingNotImplemented = ParseFailure(
    501, "transfer_coding_not_implemented", "only chunked is implemented", section: "RFC 9112, 6.1")
  static let expectationFailed = ParseFailure(
    417, "expectation_failed", "only 100-continue can be expected", section: "RFC 9110, 10.1.1")
  package static let contentTooLarge = ParseFailure(
    413, "content_too_large", "the content is larger than this route takes", section: "RFC 9110, 15.5.14")
  package static let tooManyConnections = ParseFailure(
    503, "too_many_connections", "the server has as many connections as it takes")
  package static let tooManyOfAddress = ParseFailure(
    429, "too_many_connections", "this address has as many connections as it may have")
  package static let tooManyRequests = ParseFailure(429, "rate_limited", "too many requests come from this address")
  package static let timedOut = ParseFailure(
    408, "request_timeout", "the request did not arrive in time", section: "RFC 9110, 15.5.9")
}
