import Postgres
import Shop

extension Identifier {
  init(_ uuid: UUIDBytes) { self.init(UUIDv7(high: uuid.high, low: uuid.low)) }

  var uuidBytes: UUIDBytes { UUIDBytes(high: uuid.high, low: uuid.low) }
}

extension Identifier: ParameterConvertible {
  package var parameter: Parameter { .uuid(uuidBytes) }
}

extension Timestamp: ParameterConvertible {
  package var parameter: Parameter { .timestamp(microseconds) }
}

extension Currency: ParameterConvertible {
  package var parameter: Parameter { .text(code) }
}

extension Handle: ParameterConvertible {
  package var parameter: Parameter { .text(text) }
}
