import CHiredis

/// One RESP2 reply, owned by Swift: nothing of hiredis' memory outlives its making.
package enum Reply: Equatable, Sendable {
  case status(String)
  case integer(Int64)
  case bytes([UInt8])
  case null
  case array([Reply])
  /// An error inside an array; at the top it is thrown as `RedisError.server` instead.
  case error(String)

  package var bytes: [UInt8]? {
    if case .bytes(let bytes) = self { bytes } else { nil }
  }

  package var integer: Int64? {
    if case .integer(let integer) = self { integer } else { nil }
  }

  package var array: [Reply]? {
    if case .array(let array) = self { array } else { nil }
  }

  /// The text of a status or of bytes, with what is not UTF-8 replaced.
  package var text: String? {
    switch self {
    case .status(let text): text
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    default: nil
    }
  }

  /// Copies `reply` and all that is in it; hiredis bounds the depth to 7.
  init(copying reply: UnsafePointer<redisReply>) {
    let reply = reply.pointee
    let content = UnsafeRawBufferPointer(start: reply.str, count: reply.str == nil ? 0 : reply.len)
    switch reply.type {
    case REDIS_REPLY_STRING: self = .bytes([UInt8](content))
    case REDIS_REPLY_STATUS: self = .status(String(decoding: content, as: UTF8.self))
    case REDIS_REPLY_ERROR: self = .error(String(decoding: content, as: UTF8.self))
    case REDIS_REPLY_INTEGER: self = .integer(reply.integer)
    case REDIS_REPLY_ARRAY:
      let elements = UnsafeBufferPointer(start: reply.element, count: reply.element == nil ? 0 : reply.elements)
      self = .array(elements.map { element in element.map { Reply(copying: $0) } ?? .null })
    default: self = .null
    }
  }
}
