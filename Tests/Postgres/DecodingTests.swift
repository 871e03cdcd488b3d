import Testing

@testable import Postgres

@Suite(.enabled(if: PostgresServer.isThere, PostgresServer.reason))
struct DecodingTests {
  @Test func `every type is read as what it is`() async throws {
    try await withDatabase { database, _ in
      let rows = try await database.read(
        Statement.once(
          "types",
          """
          SELECT 1::int8, 2::int4, 3::int2, 'größe'::text, '\\x00ff'::bytea, true,
            '01234567-89ab-cdef-0123-456789abcdef'::uuid, '1970-01-01T00:00:00.000001Z'::timestamptz,
            '{"a": 1}'::jsonb, '[2]'::json, 1.5::float8, 0.5::float4, 'v'::varchar, 'n'::name, 'infinity'::timestamptz,
            '-infinity'::timestamptz, ''::text, ''::bytea
          """)())
      let row = try #require(rows.first)
      #expect(try row.int64(0) == 1 && row.int64(1) == 2 && row.int64(2) == 3)
      #expect(try row.int32(1) == 2 && row.int32(2) == 3)
      #expect(try row.string(3) == "größe")
      #expect(try row.bytes(4) == [0, 255])
      #expect(try row.bool(5))
      #expect(try row.uuid(6) == UUIDBytes(high: 0x0123_4567_89ab_cdef, low: 0x0123_4567_89ab_cdef))
      #expect(try row.uuid(6).description == "01234567-89ab-cdef-0123-456789abcdef")
      #expect(try row.timestamp(7) == 1)
      #expect(try row.jsonText(8) == #"{"a": 1}"#)
      #expect(try row.jsonText(9) == "[2]")
      #expect(try row.double(10) == 1.5 && row.double(11) == 0.5)
      #expect(try row.string(12) == "v" && row.string(13) == "n")
      #expect(try row.timestamp(14) == .max && row.timestamp(15) == .min)
      #expect(try row.string(16) == "" && row.bytes(17) == [])
      #expect(try row.withBytes(4) { bytes in bytes.map { Array($0) } } == [0, 255])
      #expect(try row.withJSON(8) { bytes in bytes?.count } == 8)
    }
  }

  @Test func `arrays are read with and without NULL`() async throws {
    try await withDatabase { database, _ in
      let row = try #require(
        await database.read(
          Statement.once(
            "arrays",
            """
            SELECT ARRAY['a', '', 'ü']::text[], '{}'::text[], ARRAY['a', NULL]::text[], ARRAY[1, 2]::int8[], ARRAY[3]::int4[],
              ARRAY[true, false], ARRAY['01234567-89ab-cdef-0123-456789abcdef']::uuid[], ARRAY[NULL, 5]::int8[],
              ARRAY['1970-01-01T00:00:01Z']::timestamptz[], ARRAY['{"a": 1}']::jsonb[], ARRAY[[1, 2], [3, 4]]::int8[], NULL::text[]
            """)()
        ).first)
      #expect(try row.strings(0) == ["a", "", "ü"])
      #expect(try row.strings(1) == [])
      #expect(try row.optionalStrings(2) == ["a", nil])
      #expect(try row.int64s(3) == [1, 2])
      #expect(try row.int32s(4) == [3])
      #expect(try row.bools(5) == [true, false])
      #expect(try row.uuids(6).count == 1)
      #expect(try row.optionalInt64s(7) == [nil, 5])
      #expect(try row.timestamps(8) == [1_000_000])
      #expect(try row.jsonTexts(9) == [#"{"a": 1}"#])
      for body in [{ _ = try row.strings(2) }, { _ = try row.int64s(10) }, { _ = try row.strings(11) }, { _ = try row.uuids(0) }]
      {
        #expect(throws: PostgresError.self) { try body() }
      }
    }
  }

  @Test func `a wrong type, a NULL and a column that is not there are errors, never traps`() async throws {
    try await withDatabase { database, _ in
      let rows = try await database.read(Statement.once("wrong", "SELECT NULL::int8 AS n, 1.5::numeric, 2::int8, 'x'::text")())
      let row = rows[0]
      #expect(try row.optionalInt64(0) == nil)
      #expect(try row.isNull(0))
      let readings: [() throws -> Void] = [
        { _ = try row.int64(0) }, { _ = try row.int64(1) }, { _ = try row.int32(2) }, { _ = try row.uuid(3) },
        { _ = try row.string(2) }, { _ = try row.bool(2) }, { _ = try row.timestamp(2) }, { _ = try row.jsonText(3) },
        { _ = try row.strings(3) }, { _ = try row.int64(9) }, { _ = try row.int64(-1) }, { _ = try rows[7].int64(2) },
        { _ = try row.double(2) }, { _ = try row.bytes(2) },
      ]
      for reading in readings {
        do {
          try reading()
          Issue.record("read as something that it is not")
        } catch {
          #expect((error as? PostgresError)?.isDecoding == true)
        }
      }
      #expect(await failure { _ = try row.int64(0) }?.description == "column 0 (n) is NULL, wanted as int64")
    }
  }

  @Test func `what is sent as a parameter comes back the same`() async throws {
    try await withDatabase { database, _ in
      var generator = SystemRandomNumberGenerator()
      let echo = Statement(
        "echo",
        """
        SELECT $1::int8, $2::int4, $3::text, $4::bytea, $5::uuid, $6::timestamptz, $7::bool, $8::float8, $9::text[], $10::int8[],
          $11::int4[], $12::uuid[], $13::bool[], $14::text[], $15::jsonb, $16::timestamptz[], $17::bytea[], $18::int2, $19::int8[],
          $20::int4[], $21::uuid[], $22::timestamptz[], $23::text
        """)
      for round in 0..<200 {
        let size = round % 7
        func text() -> String {
          String(
            (0..<Int.random(in: 0...size * 40, using: &generator)).map { _ in
              "aß€😀 \"'\\\n".randomElement(using: &generator) ?? "x"
            })
        }
        func integer() -> Int64 { .random(in: .min ... .max, using: &generator) }
        func uuid() -> UUIDBytes {
          UUIDBytes(high: .random(in: 0 ... .max, using: &generator), low: .random(in: 0 ... .max, using: &generator))
        }
        let microseconds = Int64.random(in: -62_135_596_800_000_000...253_402_300_799_000_000, using: &generator)
        let bytes = (0..<size * 100).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let (number, small, string, id) = (integer(), Int32.random(in: .min ... .max, using: &generator), text(), uuid())
        let texts = (0..<size).map { _ in text() }
        let numbers = (0..<size).map { _ in integer() }
        let ids = (0..<size).map { _ in uuid() }
        let optionals: [String?] = texts + [nil]
        let row = try #require(
          await database.read(
            echo(
              .int64(number), .int32(small), .text(string), .bytes(bytes), .uuid(id), .timestamp(microseconds), .bool(number > 0),
              .float8(Double(number)), .texts(texts), .int64s(numbers), .int32s(numbers.map { Int32(truncatingIfNeeded: $0) }),
              .uuids(ids), .bools(numbers.map { $0 > 0 }), .optionalTexts(optionals), .json(#"{"k": [1, 2]}"#),
              .timestamps([microseconds]), .byteStrings([bytes]), .int16(7), .optionalInt64s([nil, number]),
              .optionalInt32s([nil]),
              .optionalUUIDs([id, nil]), .optionalTimestamps([nil]), .null)
          ).first)
        #expect(try row.int64(0) == number)
        #expect(try row.int32(1) == small)
        #expect(try row.string(2) == string)
        #expect(try row.bytes(3) == bytes)
        #expect(try row.uuid(4) == id)
        #expect(try row.timestamp(5) == microseconds)
        #expect(try row.bool(6) == (number > 0))
        #expect(try row.double(7) == Double(number))
        #expect(try row.strings(8) == texts)
        #expect(try row.int64s(9) == numbers)
        #expect(try row.int32s(10) == numbers.map { Int32(truncatingIfNeeded: $0) })
        #expect(try row.uuids(11) == ids)
        #expect(try row.bools(12) == numbers.map { $0 > 0 })
        #expect(try row.optionalStrings(13) == optionals)
        #expect(try row.jsonText(14) == #"{"k": [1, 2]}"#)
        #expect(try row.timestamps(15) == [microseconds])
        #expect(try row.int64(17) == 7)
        #expect(try row.optionalInt64s(18) == [nil, number])
        #expect(try row.optionalInt32s(19) == [nil])
        #expect(try row.optionalUUIDs(20) == [id, nil])
        #expect(try row.optionalString(22) == nil)
      }
    }
  }
}
