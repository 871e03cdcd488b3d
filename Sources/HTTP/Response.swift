/// An answer: status, fields, content. Date, Connection and the framing fields are the encoder's to write.
package struct Response: Sendable {
  package var status: Status
  package var fields: HeaderFields
  package var body: Body

  package enum Body: Sendable {
    case none
    case bytes([UInt8])
    /// Content of unknown length, written in chunks as it is made; the producer ends by returning.
    case stream(@Sendable (ChunkWriter) async -> Void)
  }

  /// Takes a piece of content, and returns once there is room for more; false when the client has gone.
  package typealias ChunkWriter = @Sendable ([UInt8]) async -> Bool

  package init(_ status: Status, fields: HeaderFields = HeaderFields(), body: Body = .none) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  package init(_ status: Status, contentType: StaticString, _ bytes: [UInt8]) {
    self.status = status
    fields = HeaderFields()
    fields.append("Content-Type", contentType)
    body = .bytes(bytes)
  }
}
