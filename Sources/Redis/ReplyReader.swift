import CHiredis

/// hiredis' incremental parser with one owner and with bounds: bytes in, replies out, whatever the splits.
///
/// After it has thrown it has lost its place in the stream: the connection must go.
struct ReplyReader: ~Copyable {
  private let reader: UnsafeMutablePointer<redisReader>
  private let maximumBytes: Int
  /// Bytes fed since the last whole reply.
  private var outstanding = 0

  /// More elements than this in one array is nonsense for a shop; hiredis would allocate what the length says, before they come.
  static let maximumElements: Int32 = 65_536

  /// Nil when memory is short.
  init?(maximumBytes: Int) {
    guard let reader = redisReaderCreate() else { return nil }
    if let functions = Self.boundedFunctions { reader.pointee.fn = functions }
    self.reader = reader
    self.maximumBytes = maximumBytes
  }

  deinit { redisReaderFree(reader) }

  /// hiredis' own makers of reply objects.
  private static let standardFunctions: redisReplyObjectFunctions? = {
    guard let reader = redisReaderCreate() else { return nil }
    defer { redisReaderFree(reader) }
    return reader.pointee.fn?.pointee
  }()

  /// The same but for arrays, whose length is checked. Written once, then only read: by any thread.
  nonisolated(unsafe) private static let boundedFunctions: UnsafeMutablePointer<redisReplyObjectFunctions>? = {
    guard var functions = standardFunctions else { return nil }
    functions.createArray = { task, elements in
      guard elements >= 0, elements <= ReplyReader.maximumElements else { return nil }
      return ReplyReader.standardFunctions?.createArray?(task, elements)
    }
    let pointer = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
    pointer.initialize(to: functions)
    return pointer
  }()

  mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(RedisError) {
    guard let base = bytes.bindMemory(to: CChar.self).baseAddress, !bytes.isEmpty else { return }
    outstanding += bytes.count
    guard redisReaderFeed(reader, base, bytes.count) == REDIS_OK else { throw failure }
  }

  /// The next whole reply, or nil until more bytes come.
  mutating func next() throws(RedisError) -> Reply? {
    var object: UnsafeMutableRawPointer?
    guard redisReaderGetReply(reader, &object) == REDIS_OK else { throw failure }
    guard let object else {
      guard outstanding <= maximumBytes else { throw .replyTooLarge }
      return nil
    }
    defer { freeReplyObject(object) }
    outstanding = reader.pointee.len - reader.pointee.pos
    return Reply(copying: object.assumingMemoryBound(to: redisReply.self))
  }

  private var failure: RedisError {
    let reason = withUnsafeBytes(of: reader.pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return .protocolViolation(reason)
  }
}
