import Logging
import Synchronization

/// Sends swift-log's messages to a `LogSink`, one flat JSON object a line.
///
/// A metadata key that would repeat one of the line's own is written with the prefix `metadata_`.
package struct JSONLogHandler: LogHandler {
  private let label: String
  private let sink: LogSink
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider? = .trace
  package var logLevel: Logger.Level

  private static let ownFields: Set<String> = ["time", "level", "message", "logger"]

  package init(label: String, sink: LogSink, level: Logger.Level) {
    self.label = label
    self.sink = sink
    logLevel = level
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var line = LogLine(level: event.level.name, message: event.message.description)
    line.field("logger", label)
    if let error = event.error { line.field("error", "\(error)") }
    var fields = metadataProvider?.get() ?? [:]
    fields.merge(metadata) { $1 }
    if let ofEvent = event.metadata { fields.merge(ofEvent) { $1 } }
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
      let isTaken = Self.ownFields.contains(name) || (name == "error" && event.error != nil)
      line.field(named: isTaken ? "metadata_\(name)" : name, value.description)
    }
    sink.append(line.finish())
  }
}

extension Logger.Level {
  var name: StaticString {
    switch self {
    case .trace: "trace"
    case .debug: "debug"
    case .info: "info"
    case .notice: "notice"
    case .warning: "warning"
    case .error: "error"
    case .critical: "critical"
    }
  }
}
