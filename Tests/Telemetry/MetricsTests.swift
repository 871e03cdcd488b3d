import CoreMetrics
import Foundation
import Telemetry
import Testing

@Suite struct MetricsTests {
  private func text(_ registry: MetricsRegistry) -> String { String(decoding: registry.text(), as: UTF8.self) }

  @Test func `observations of many threads add up`() {
    let registry = MetricsRegistry()
    let routes = RouteMetrics(routes: [("GET", "/v1/products")], in: registry)
    hammer(threads: 8) { thread in
      for _ in 0..<1_000 { routes.observe(route: 0, status: thread == 0 ? 503 : 200, microseconds: 700) }
    }
    let text = text(registry)
    #expect(text.contains(#"shop_http_requests_total{route="/v1/products",method="GET",status="2xx"} 7000"# + "\n"))
    #expect(text.contains(#"shop_http_requests_total{route="/v1/products",method="GET",status="5xx"} 1000"# + "\n"))
    let duration = "shop_http_request_duration_seconds"
    #expect(text.contains(#"\#(duration)_bucket{route="/v1/products",method="GET",le="0.0005"} 0"# + "\n"))
    #expect(text.contains(#"\#(duration)_bucket{route="/v1/products",method="GET",le="0.001"} 8000"# + "\n"))
    #expect(text.contains(#"\#(duration)_bucket{route="/v1/products",method="GET",le="+Inf"} 8000"# + "\n"))
    #expect(text.contains(#"\#(duration)_sum{route="/v1/products",method="GET"} 5.6"# + "\n"))
    #expect(text.contains(#"\#(duration)_count{route="/v1/products",method="GET"} 8000"# + "\n"))
  }

  @Test func `two loops that resolve the same routes count into the same series`() {
    let registry = MetricsRegistry()
    let loops = (0..<2).map { _ in RouteMetrics(routes: [("GET", "/a")], in: registry) }
    for loop in loops { loop.observe(route: 0, status: 200, microseconds: 1) }
    loops[1].observe(route: 99, status: 404, microseconds: 1)
    #expect(text(registry).contains(#"shop_http_requests_total{route="/a",method="GET",status="2xx"} 2"# + "\n"))
    #expect(text(registry).contains(#"shop_http_requests_total{route="unrouted",method="any",status="4xx"} 1"# + "\n"))
  }

  @Test func `swift-metrics' instruments take Prometheus' names and kinds`() {
    let registry = MetricsRegistry()
    registry.describe("cache.hits_total", "Hits of the cache.")
    let factory = RegistryMetricsFactory(registry)
    let hits = Counter(label: "cache.hits", dimensions: [("loop", "0")], factory: factory)
    hits.increment(by: 3)
    hits.increment(by: -2)
    Counter(label: "orders.total", factory: factory).increment()
    Gauge(label: "queue.depth", factory: factory).record(4)
    Meter(label: "pool.open", factory: factory).set(2.5)
    Timer(label: "statement", factory: factory).recordMilliseconds(2)
    Recorder(label: "batch.size", factory: factory).record(7)
    let text = text(registry)
    #expect(text.contains("# HELP cache_hits_total Hits of the cache.\n# TYPE cache_hits_total counter\n"))
    #expect(text.contains("cache_hits_total{loop=\"0\"} 3\n"))
    #expect(text.contains("# TYPE orders_total counter\norders_total 1\n"))
    #expect(text.contains("# TYPE queue_depth gauge\nqueue_depth 4\n"))
    #expect(text.contains("pool_open 2.5\n"))
    #expect(text.contains("statement_seconds_bucket{le=\"0.0025\"} 1\n"))
    #expect(text.contains("batch_size_bucket{le=\"10\"} 1\n"))
  }

  @Test func `no value that is observed traps or spoils a sum`() {
    let registry = MetricsRegistry()
    let recorder = Recorder(label: "odd", factory: RegistryMetricsFactory(registry))
    for value in [Double.nan, .infinity, -.infinity, 1e300] { recorder.record(value) }
    recorder.record(Int64.max)
    #expect(text(registry).contains("odd_count 4\n"))
  }

  @Test func `a label's value cannot end its line`() {
    let registry = MetricsRegistry()
    registry.counter("odd_total", "Line\r\nbreak \\ here.", [("name", "a\"b\\c\r\nd")]).add()
    #expect(text(registry).contains("# HELP odd_total Line\r\\nbreak \\\\ here.\n"))
    #expect(text(registry).contains("odd_total{name=\"a\\\"b\\\\c\r\\nd\"} 1\n"))
  }

  @Test func `two kinds never share a name`() {
    let registry = MetricsRegistry()
    registry.counter("things_total", "Things.").add(2)
    registry.gauge("things_total", "Things.").set(9)
    #expect(text(registry) == "# HELP things_total Things.\n# TYPE things_total counter\nthings_total 2\n")
  }

  @Test func `the process describes itself`() throws {
    let registry = MetricsRegistry()
    ProcessMetrics.register(in: registry, version: "1.2.3", role: "all")
    let text = text(registry)
    func value(_ name: String) throws -> Double {
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("\(name) ") })
      return try #require(Double(line.dropFirst(name.count + 1)))
    }
    #expect(try value("process_resident_memory_bytes") > 1_000_000)
    #expect(try value("process_open_fds") >= 3)
    #expect(try value("process_max_fds") >= value("process_open_fds"))
    #expect(try value("process_cpu_seconds_total") > 0)
    #expect(abs(try value("process_start_time_seconds") - Date().timeIntervalSince1970) < 3_600)
    #expect(text.contains("shop_build_info{role=\"all\",version=\"1.2.3\"} 1\n"))
  }

  private static let promtool = "/usr/bin/promtool"
  private static let mustCheck =
    FileManager.default.isExecutableFile(atPath: promtool) || ProcessInfo.processInfo.environment["CI"] != nil

  @Test(.enabled(if: mustCheck, "promtool is not installed (package prometheus)"))
  func `promtool finds nothing in the exposition`() throws {
    let registry = MetricsRegistry()
    ProcessMetrics.register(in: registry, version: "1.2.3", role: "all")
    RouteMetrics(routes: [("GET", "/v1/products/{id}")], in: registry).observe(route: 0, status: 200, microseconds: 900)
    registry.gauge("shop_queue_jobs", "Odd \\ text\nof two lines.", [("name", "a\"b\\c\r\nd")]).set(-0.25)
    let factory = RegistryMetricsFactory(registry)
    Counter(label: "shop.cache.hits", factory: factory).increment()
    Timer(label: "shop.statement", dimensions: [("loop", "1")], factory: factory).recordMilliseconds(3)

    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.promtool)
    process.arguments = ["check", "metrics"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    try process.run()
    input.fileHandleForWriting.write(Data(registry.text()))
    try input.fileHandleForWriting.close()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(said == "")
    #expect(process.terminationStatus == 0)
  }
}
