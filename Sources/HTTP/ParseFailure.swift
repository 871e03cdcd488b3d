/// Why bytes are not an acceptable request: each ends the connection, since what follows cannot be trusted to be a request.
package struct ParseFailure: Error, Equatable, Sendable {
  package let status: Int
  /// Stable, for programs.
  package let code: String
  package let detail: String

  package init(_ status: Int, _ code: String, _ detail: String) {
    self.status = status
    self.code = code
    self.detail = detail
  }

  static func malformed(_ detail: String) -> ParseFailure { ParseFailure(400, "malformed_request", detail) }
  static func framing(_ detail: String) -> ParseFailure { ParseFailure(400, "invalid_framing", detail) }
  static let targetTooLong = ParseFailure(414, "uri_too_long", "the request line is longer than the limit")
  static let fieldsTooLarge = ParseFailure(431, "header_fields_too_large", "the header fields are larger than the limit")
  package static let contentTooLarge = ParseFailure(413, "content_too_large", "the content is larger than this route takes")
  package static let timedOut = ParseFailure(408, "request_timeout", "the request did not arrive in time")
}
