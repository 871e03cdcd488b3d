import Logging
import Postgres
import Reactor
import ShopAPI
import Telemetry

/// The worker as a program of its own, on one loop.
package enum WorkerProgram {
  package static func run(_ configuration: Configuration, sink: LogSink, on control: EventLoop) async throws {
    let level = Logger.Level(rawValue: configuration.logLevel.rawValue) ?? .info
    let logger = Logger(label: "shop.worker") { JSONLogHandler(label: $0, sink: sink, level: level) }
    let options = try DatabaseOptions(configuration.database, deadlines: configuration.deadlines, logger: logger)
    let database = Database(options, loop: control)
    database.start()
    try await SchemaCheck.run(database, for: configuration.role)
    let jobs = try Worker.jobs(of: configuration, database: database, report: CheckoutReport(metrics: nil, logger: logger).record)
    let worker = Worker(jobs: jobs, loop: control, logger: logger)
    worker.start()
    logger.notice("worker started", metadata: ["role": "\(configuration.role.rawValue)"])
    let signal = try await Program.signal(on: control)
    logger.notice("signal received", metadata: ["signal": "\(signal)"])
    await worker.stop()
    await database.close(deadline: .measured() + .seconds(5))
    sink.flush()
  }
}
