/// The commands that a cache needs; anything else goes through `command`.
extension Connection {
  package func get(_ key: String) async throws(RedisError) -> [UInt8]? {
    switch try await command(["GET", Argument(key)]) {
    case .bytes(let bytes): return bytes
    case .null: return nil
    default: throw .unexpectedReply
    }
  }

  /// Stores `bytes` for so many milliseconds (at least one).
  package func set(_ key: String, _ bytes: [UInt8], ttlMilliseconds: Int64) async throws(RedisError) {
    let reply = try await command(["SET", Argument(key), Argument(bytes), "PX", Argument(max(1, ttlMilliseconds))])
    guard case .status("OK") = reply else { throw .unexpectedReply }
  }

  /// Deletes `keys`; the number of those that were there.
  @discardableResult
  package func delete(_ keys: [String]) async throws(RedisError) -> Int64 {
    guard !keys.isEmpty else { return 0 }
    guard let count = try await command(["DEL"] + keys.map { Argument($0) }).integer else { throw .unexpectedReply }
    return count
  }

  @discardableResult
  package func delete(_ key: String) async throws(RedisError) -> Int64 { try await delete([key]) }

  /// Adds one to a counter, which is zero where there is none; its new value.
  @discardableResult
  package func increment(_ key: String) async throws(RedisError) -> Int64 {
    guard let value = try await command(["INCR", Argument(key)]).integer else { throw .unexpectedReply }
    return value
  }

  package func ping() async throws(RedisError) {
    guard case .status("PONG") = try await command(["PING"]) else { throw .unexpectedReply }
  }
}
