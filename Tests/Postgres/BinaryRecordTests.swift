import Testing

@testable import Postgres

@Suite(.enabled(if: PostgresServer.isThere, PostgresServer.reason))
struct BinaryRecordTests {
  /// Lends what the server sends for a row of arrays.
  private static func withRecord(_ columns: String, _ body: @escaping @Sendable ([UInt8]) throws -> Void) async throws {
    try await withDatabase { database, _ in
      let rows = try await database.read(Statement.once("record", "SELECT record_send(ROW(\(columns)))")())
      try body(try #require(rows.first).bytes(0))
    }
  }

  @Test func `arrays come out of a record in its order, with NULL where it may be`() async throws {
    try await Self.withRecord(
      """
      ARRAY['a', '', 'ü'], '{}'::text[], ARRAY['a', NULL], ARRAY['01234567-89ab-cdef-0123-456789abcdef']::uuid[], ARRAY[true, false],
      ARRAY[NULL, -5]::int4[], ARRAY[9223372036854775807, NULL, 1]::int8[], NULL::text[]
      """
    ) { bytes in
      try bytes.withUnsafeBytes { bytes in
        var record = try BinaryRecord(bytes)
        var texts = try record.nextArray(of: .text)
        #expect(texts.count == 3)
        #expect((1...3).map { _ in String(decoding: texts.nextText(), as: UTF8.self) } == ["a", "", "ü"])
        #expect(texts.count == 0 && texts.nextText().isEmpty)
        #expect(try record.nextArray(of: .text).count == 0)
        var optional = try record.nextArray(of: .optionalText)
        #expect(optional.nextOptionalText().map { Array($0) } == [97])
        #expect(optional.count == 1 && optional.nextOptionalText() == nil)
        var ids = try record.nextArray(of: .uuid)
        #expect(ids.nextUUID() == UUIDBytes(high: 0x0123_4567_89ab_cdef, low: 0x0123_4567_89ab_cdef))
        var flags = try record.nextArray(of: .bool)
        #expect(flags.nextBool() && !flags.nextBool())
        var small = try record.nextArray(of: .int32)
        #expect([small.nextInt32(), small.nextInt32()] == [nil, -5])
        var large = try record.nextArray(of: .int64)
        var copy = large
        large.skip(2)
        #expect(large.nextInt64() == 1 && large.nextInt64() == nil)
        #expect(copy.nextInt64() == .max)
        #expect(try record.nextArray(of: .text).count == 0)
        #expect(throws: PostgresError.self) { try record.nextArray(of: .text) }
      }
    }
  }

  @Test func `elements of another kind are refused`() async throws {
    try await Self.withRecord("ARRAY['a', NULL], ARRAY[[1, 2], [3, 4]]::int8[]") { bytes in
      try bytes.withUnsafeBytes { bytes in
        for kind in [BinaryArray.Kind.text, .uuid, .bool, .int32, .int64] {
          var record = try BinaryRecord(bytes)
          #expect(throws: PostgresError.self) { try record.nextArray(of: kind) }
        }
        var record = try BinaryRecord(bytes)
        _ = try record.nextArray(of: .optionalText)
        #expect(throws: PostgresError.self) { try record.nextArray(of: .int64) }
      }
    }
  }

  @Test func `a record cut short anywhere is refused`() async throws {
    try await Self.withRecord("ARRAY['abc', 'd'], ARRAY[1, NULL]::int8[]") { bytes in
      for length in 0..<bytes.count {
        #expect(throws: PostgresError.self) {
          try bytes[..<length].withUnsafeBytes { bytes in
            var record = try BinaryRecord(bytes)
            _ = try record.nextArray(of: .text)
            _ = try record.nextArray(of: .int64)
          }
        }
      }
    }
  }

  @Test func `counts and lengths beyond the bytes are refused`() async throws {
    try await Self.withRecord("ARRAY['abc', 'd']") { bytes in
      // Each four bytes in turn become a huge, and a negative, number.
      for position in stride(from: 0, to: bytes.count - 3, by: 1) {
        for number: [UInt8] in [[0x7F, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFE]] {
          var broken = bytes
          broken.replaceSubrange(position..<position + 4, with: number)
          broken.withUnsafeBytes { bytes in
            guard var record = try? BinaryRecord(bytes), var array = try? record.nextArray(of: .text) else { return }
            #expect(array.count <= 2)
            for _ in 0..<3 { #expect(array.nextText().count <= 4) }
          }
        }
      }
    }
  }
}
