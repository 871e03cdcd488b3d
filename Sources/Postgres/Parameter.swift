/// A value for `$n`, sent in PostgreSQL's binary format.
///
/// Binary values must have the exact width of the type that the server infers: `.int32` for `integer`, `.int64` for `bigint`,
/// `.text` for text-like types and enums, `.json` for `jsonb` only. A wrong width is refused by the server (22P03 or 08P01).
/// Array elements must be of exactly the named type: `text[]`, not `varchar[]`.
package enum Parameter: Sendable, Equatable {
  case null
  case bool(Bool)
  case int16(Int16)
  case int32(Int32)
  case int64(Int64)
  case float8(Double)
  case text(String)
  case bytes([UInt8])
  case uuid(UUIDBytes)
  /// Microseconds since 1970-01-01T00:00:00Z, for `timestamptz`.
  case timestamp(Int64)
  /// JSON text, for `jsonb`.
  case json(String)
  /// JSON text as bytes, for `jsonb`.
  case jsonBytes([UInt8])
  case bools([Bool])
  case int32s([Int32])
  case int64s([Int64])
  case texts([String])
  case uuids([UUIDBytes])
  /// Microseconds since 1970, for `timestamptz[]`.
  case timestamps([Int64])
  case byteStrings([[UInt8]])
  case optionalInt32s([Int32?])
  case optionalInt64s([Int64?])
  case optionalTexts([String?])
  case optionalUUIDs([UUIDBytes?])
  case optionalTimestamps([Int64?])
}

/// A type of a higher level that knows its column type.
package protocol ParameterConvertible {
  var parameter: Parameter { get }
}

extension Parameter {
  package static func value(_ value: some ParameterConvertible) -> Parameter { value.parameter }

  /// NULL for nil.
  package static func value<Value: ParameterConvertible>(_ value: Value?) -> Parameter { value?.parameter ?? .null }
}

extension Bool: ParameterConvertible { package var parameter: Parameter { .bool(self) } }
extension Int32: ParameterConvertible { package var parameter: Parameter { .int32(self) } }
extension Int64: ParameterConvertible { package var parameter: Parameter { .int64(self) } }
extension Double: ParameterConvertible { package var parameter: Parameter { .float8(self) } }
extension String: ParameterConvertible { package var parameter: Parameter { .text(self) } }
extension UUIDBytes: ParameterConvertible { package var parameter: Parameter { .uuid(self) } }
