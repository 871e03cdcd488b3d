/// Writes responses as HTTP/1.1 (RFC 9112, section 4).
package enum ResponseEncoder {
  /// How the content that follows a head is written.
  package enum Content: Equatable { case complete, chunked, untilClose }

  package static let continueResponse: [UInt8] = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

  /// Appends the head, and the content where it is there already; a stream's pieces follow by `appendChunk`.
  ///
  /// `date` is the whole Date field. A HEAD request gets the head alone, with the length that GET would have.
  package static func append(
    _ response: Response, to output: inout [UInt8], method: Method?, minorVersion: Int, close: Bool, date: [UInt8]
  ) -> Content {
    let isStream = if case .stream = response.body { response.status.allowsContent } else { false }
    // HTTP/1.0 knows no chunks: the connection's end delimits (RFC 9112, 6.1).
    let endsByClose = isStream && minorVersion == 0 && method != .head
    let content: [UInt8] = if case .bytes(let bytes) = response.body { bytes } else { [] }
    // One allocation, where growing from nothing takes six.
    if output.isEmpty {
      output.reserveCapacity(fixedRoom + response.fields.encoded.count + (method == .head ? 0 : content.count))
    }
    appendStatusLine(response.status, to: &output)
    output.append(contentsOf: date)
    if close || endsByClose {
      output.append(contentsOf: closeField)
    } else if minorVersion == 0 {
      output.append(contentsOf: keepAliveField)
    }
    output.append(contentsOf: response.fields.encoded)
    if isStream {
      if minorVersion > 0 { output.append(contentsOf: chunkedField) }
      output.append(contentsOf: crlf)
      return method == .head ? .complete : endsByClose ? .untilClose : .chunked
    }
    // 204 must not and 304 need not tell a length: what it would be is the cached answer's business (RFC 9110, 8.6).
    if response.status.allowsContent {
      output.append(contentsOf: lengthName)
      appendDecimal(content.count, to: &output)
      output.append(contentsOf: crlf)
    }
    output.append(contentsOf: crlf)
    if response.status.allowsContent, method != .head { output.append(contentsOf: content) }
    return .complete
  }

  package static func appendChunk(_ bytes: [UInt8], to output: inout [UInt8]) {
    // An empty chunk would end the content.
    guard !bytes.isEmpty else { return }
    output.append(contentsOf: String(bytes.count, radix: 16).utf8)
    output.append(contentsOf: crlf)
    output.append(contentsOf: bytes)
    output.append(contentsOf: crlf)
  }

  package static let lastChunk: [UInt8] = Array("0\r\n\r\n".utf8)

  /// For what a head has beside its fields: the status line, Date, Connection and Content-Length.
  private static let fixedRoom = 160
  private static let crlf: [UInt8] = [0x0D, 0x0A]
  private static let closeField = Array("Connection: close\r\n".utf8)
  private static let keepAliveField = Array("Connection: keep-alive\r\n".utf8)
  private static let chunkedField = Array("Transfer-Encoding: chunked\r\n".utf8)
  private static let lengthName = Array("Content-Length: ".utf8)
  private static let okLine = Array("HTTP/1.1 200 OK\r\n".utf8)

  private static func appendStatusLine(_ status: Status, to output: inout [UInt8]) {
    if status.code == 200 {
      output.append(contentsOf: okLine)
      return
    }
    output.append(contentsOf: "HTTP/1.1 ".utf8)
    appendDecimal(status.code, to: &output)
    output.append(0x20)
    status.reason.withUTF8Buffer { output.append(contentsOf: $0) }
    output.append(contentsOf: crlf)
  }

  private static func appendDecimal(_ number: Int, to output: inout [UInt8]) {
    var divisor = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      output.append(UInt8(0x30 + number / divisor % 10))
      divisor /= 10
    }
  }
}
