import JSON
import Tracing

/// Spans as a collector takes them: an `ExportTraceServiceRequest` of OTLP 1 in JSON (opentelemetry.io/docs/specs/otlp, "JSON
/// Protobuf Encoding"): ids in hexadecimal, 64-bit numbers as strings, enumerations as numbers.
package struct SpanDocument: Sendable {
  private let resource: [(key: StaticString, value: String)]

  /// - Parameter resource: what all spans come from, by semantic conventions.
  package init(resource: KeyValuePairs<StaticString, String>) { self.resource = resource.map { ($0.key, $0.value) } }

  package func encoded(_ spans: [FinishedSpan]) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("resourceSpans")
      json.array([spans]) { json, spans in
        json.object { json in
          json.key("resource")
          json.object { json in
            json.key("attributes")
            json.array(resource) { json, attribute in
              json.object { json in
                json.key("key")
                json.string(plain: attribute.key)
                json.key("value")
                Self.write(.string(attribute.value), to: &json)
              }
            }
          }
          json.key("scopeSpans")
          json.array([spans]) { json, spans in
            json.object { json in
              json.key("scope")
              json.object { json in
                json.key("name")
                json.string(plain: "shop")
              }
              json.key("spans")
              json.array(spans) { Self.write($1, to: &$0) }
            }
          }
        }
      }
    }
    return json.finish()
  }

  private static func write(_ span: FinishedSpan, to json: inout JSONWriter) {
    json.object { json in
      json.key("traceId")
      json.string(span.trace.traceID)
      json.key("spanId")
      json.string(span.trace.spanID)
      if let parent = span.parent {
        json.key("parentSpanId")
        json.string(TraceContext.hex(parent))
      }
      json.key("flags")
      json.integer(span.trace.isSampled ? 1 : 0)
      json.key("name")
      json.string(span.name)
      json.key("kind")
      json.integer(number(span.kind))
      json.key("startTimeUnixNano")
      json.string("\(span.start)")
      json.key("endTimeUnixNano")
      json.string("\(span.end)")
      write(span.attributes, to: &json)
      if !span.events.isEmpty {
        json.key("events")
        json.array(span.events) { json, event in
          json.object { json in
            json.key("timeUnixNano")
            json.string("\(event.nanosecondsSinceEpoch)")
            json.key("name")
            json.string(event.name)
            write(event.attributes, to: &json)
          }
        }
      }
      let links = span.links.compactMap { link in link.context.trace.map { ($0, link.attributes) } }
      if !links.isEmpty {
        json.key("links")
        json.array(links) { json, link in
          json.object { json in
            json.key("traceId")
            json.string(link.0.traceID)
            json.key("spanId")
            json.string(link.0.spanID)
            write(link.1, to: &json)
          }
        }
      }
      if let status = span.status {
        json.key("status")
        json.object { json in
          if let message = status.message {
            json.key("message")
            json.string(message)
          }
          json.key("code")
          json.integer(status.code == .ok ? 1 : 2)
        }
      }
    }
  }

  private static func number(_ kind: SpanKind) -> Int {
    switch kind {
    case .internal: 1
    case .server: 2
    case .client: 3
    case .producer: 4
    case .consumer: 5
    }
  }

  private static func write(_ attributes: SpanAttributes, to json: inout JSONWriter) {
    guard !attributes.isEmpty else { return }
    var all: [(String, SpanAttribute)] = []
    attributes.forEach { all.append(($0, $1)) }
    json.key("attributes")
    json.array(all.sorted { $0.0 < $1.0 }) { json, attribute in
      json.object { json in
        json.key("key")
        json.string(attribute.0)
        json.key("value")
        write(attribute.1, to: &json)
      }
    }
  }

  private static func write(_ value: SpanAttribute, to json: inout JSONWriter) {
    json.object { json in
      switch value {
      case .int32(let number):
        json.key("intValue")
        json.string("\(number)")
      case .int64(let number):
        json.key("intValue")
        json.string("\(number)")
      case .double(let number):
        json.key("doubleValue")
        // JSON has no word for what is no number; protobuf's mapping writes it as text.
        number.isFinite ? json.raw(text: "\(number)") : json.string(number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity")
      case .bool(let flag):
        json.key("boolValue")
        json.bool(flag)
      case .string(let text):
        json.key("stringValue")
        json.string(text)
      case .stringConvertible(let text):
        json.key("stringValue")
        json.string("\(text)")
      default:
        json.key("arrayValue")
        json.object { json in
          json.key("values")
          json.array(elements(of: value)) { write($1, to: &$0) }
        }
      }
    }
  }

  private static func elements(of value: SpanAttribute) -> [SpanAttribute] {
    switch value {
    case .int32Array(let values): values.map { .int32($0) }
    case .int64Array(let values): values.map { .int64($0) }
    case .doubleArray(let values): values.map { .double($0) }
    case .boolArray(let values): values.map { .bool($0) }
    case .stringArray(let values): values.map { .string($0) }
    case .stringConvertibleArray(let values): values.map { .stringConvertible($0) }
    default: []
    }
  }
}
