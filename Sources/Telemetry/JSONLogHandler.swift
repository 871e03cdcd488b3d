import Logging
import Synchronization

/// Sends swift-log's messages to a `LogSink`, one JSON object a line.
package struct JSONLogHandler: LogHandler {
  private let label: String
  private let sink: LogSink
  package var metadata: Logger.Metadata = [:]
  package var logLevel: Logger.Level

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
    let fields = event.metadata.map { metadata.merging($0) { $1 } } ?? metadata
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) { line.field(named: name, value.description) }
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
