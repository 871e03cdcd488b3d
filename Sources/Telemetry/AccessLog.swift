/// The one line a request, built without swift-log's dictionaries: it is written on the hot path.
package struct AccessLog: Sendable {
  private let sink: LogSink

  package init(_ sink: LogSink) { self.sink = sink }

  package struct Entry {
    package var requestID: String
    package var traceID: String?
    package var method: String
    /// The route's pattern, never the path, which may hold what is nobody's business.
    package var route: String
    package var status: Int
    package var microseconds: Int
    package var bytesIn: Int
    package var bytesOut: Int

    package init(
      requestID: String, traceID: String?, method: String, route: String, status: Int, microseconds: Int, bytesIn: Int,
      bytesOut: Int
    ) {
      self.requestID = requestID
      self.traceID = traceID
      self.method = method
      self.route = route
      self.status = status
      self.microseconds = microseconds
      self.bytesIn = bytesIn
      self.bytesOut = bytesOut
    }
  }

  package func write(_ entry: Entry) {
    var line = LogLine(level: "info", message: "request")
    line.field("request_id", entry.requestID)
    if let traceID = entry.traceID { line.field("trace_id", traceID) }
    line.field("method", entry.method)
    line.field("route", entry.route)
    line.field("status", entry.status)
    line.field("duration_ms", milliseconds: entry.microseconds)
    line.field("bytes_in", entry.bytesIn)
    line.field("bytes_out", entry.bytesOut)
    sink.append(line.finish())
  }
}
