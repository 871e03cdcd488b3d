import CLibPQ

/// The one owner of a PGconn.
final class SessionHandle {
  let pointer: OpaquePointer
  private let notices: NoticeBox

  /// Begins to connect without blocking: hosts must come as addresses. Nil when there is no memory.
  init?(_ keywords: [String: String], onNotice: @escaping @Sendable (String) -> Void) {
    guard let pointer = Keywords.withCStrings(keywords, { PQconnectStartParams($0, $1, 0) }) else { return nil }
    self.pointer = pointer
    notices = NoticeBox(onNotice)
    notices.receive(from: pointer)
  }

  deinit { PQfinish(pointer) }

  /// libpq's last complaint, on one line.
  var complaint: String { SessionHandle.complaint(pointer) }

  static func complaint(_ pointer: OpaquePointer) -> String {
    guard let text = PQerrorMessage(pointer) else { return "" }
    return String(cString: text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

/// Keeps the server's notices from stderr, where libpq would write them.
final class NoticeBox {
  private let onNotice: @Sendable (String) -> Void

  init(_ onNotice: @escaping @Sendable (String) -> Void) { self.onNotice = onNotice }

  /// The box must outlive the connection.
  func receive(from connection: OpaquePointer) {
    PQsetNoticeProcessor(
      connection,
      { context, message in
        guard let context, let message else { return }
        let box = Unmanaged<NoticeBox>.fromOpaque(context).takeUnretainedValue()
        box.onNotice(String(cString: message).split(whereSeparator: \.isNewline).joined(separator: " "))
      }, Unmanaged.passUnretained(self).toOpaque())
  }
}

enum Keywords {
  /// Lends two null-terminated arrays of C strings.
  static func withCStrings<Result>(
    _ keywords: [String: String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<UnsafePointer<CChar>?>?) -> Result
  ) -> Result {
    let sorted = keywords.sorted { $0.key < $1.key }
    let texts = sorted.flatMap { [$0.key, $0.value] }.map { Array($0.utf8CString) }
    let bytes = texts.flatMap { $0 }
    return bytes.withUnsafeBufferPointer { bytes in
      var pointers: [UnsafePointer<CChar>?] = []
      var offset = 0
      for text in texts {
        pointers.append(bytes.baseAddress.map { $0 + offset })
        offset += text.count
      }
      let names = stride(from: 0, to: pointers.count, by: 2).map { pointers[$0] } + [nil]
      let values = stride(from: 1, to: pointers.count, by: 2).map { pointers[$0] } + [nil]
      return names.withUnsafeBufferPointer { names in
        values.withUnsafeBufferPointer { values in body(names.baseAddress, values.baseAddress) }
      }
    }
  }
}
