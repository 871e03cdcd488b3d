/// Object identifiers of the built-in types that this program reads and writes (pg_type.dat).
enum TypeID {
  static let bool: UInt32 = 16
  static let bytea: UInt32 = 17
  static let char: UInt32 = 18
  static let name: UInt32 = 19
  static let int8: UInt32 = 20
  static let int2: UInt32 = 21
  static let int4: UInt32 = 23
  static let text: UInt32 = 25
  static let oid: UInt32 = 26
  static let json: UInt32 = 114
  static let float4: UInt32 = 700
  static let float8: UInt32 = 701
  static let unknown: UInt32 = 705
  static let bpchar: UInt32 = 1042
  static let varchar: UInt32 = 1043
  static let timestamp: UInt32 = 1114
  static let timestamptz: UInt32 = 1184
  static let uuid: UInt32 = 2950
  static let jsonb: UInt32 = 3802
  /// Types from here on are not built in: enums and extension types, whose binary form is their text.
  static let firstUserDefined: UInt32 = 16384

  static func isText(_ type: UInt32) -> Bool {
    switch type {
    case text, varchar, bpchar, name, char, unknown, json: true
    default: type >= firstUserDefined
    }
  }
}

enum PostgresFormat {
  /// The first byte of a binary jsonb.
  static let jsonbVersion: UInt8 = 1
}

/// PostgreSQL counts microseconds from 2000-01-01, this program from 1970-01-01.
enum PostgresTime {
  static let epochOffset: Int64 = 946_684_800_000_000

  static func encode(_ microseconds: Int64) -> Int64 {
    // Saturates to -infinity, which is what PostgreSQL makes of the smallest value.
    let (value, overflow) = microseconds.subtractingReportingOverflow(epochOffset)
    if microseconds == .max { return .max }
    return overflow ? .min : value
  }

  static func decode(_ microseconds: Int64) -> Int64 {
    if microseconds == .min { return .min }
    let (value, overflow) = microseconds.addingReportingOverflow(epochOffset)
    return overflow ? .max : value
  }
}
