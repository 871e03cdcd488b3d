import HTTP
import Reactor
import Tracing

/// A loop's HTTP/1.1 client: keeps connections alive for each origin, ends every request by its deadline.
///
/// A request is sent again only where nothing of it was sent, or where it is idempotent and a connection that had been idle
/// ended without a byte in reply: the other side had closed it at the same moment. Redirects are not followed.
package actor Client {
  package nonisolated let loop: EventLoop
  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  package struct Limits: Sendable {
    /// Requests under way to one origin.
    package var requests = 64
    /// Connections kept for the next request, for each origin.
    package var idle = 16
    /// Below what servers commonly allow, so that they rarely close first.
    package var idleTime = Duration.seconds(30)
    package var bodyBytes = 1 << 20
    /// How long resolved addresses are used again.
    package var addressTime = Duration.seconds(5)

    package init() {}
  }

  private let tls: TLSContext?
  private let limits: Limits
  private let tracer: (any Tracer)?
  private var parserLimits = ParserLimits()
  private var idle: [Origin: [ClientConnection]] = [:]
  private var underWay: [Origin: Int] = [:]
  private var addresses: [Origin: (addresses: [SocketAddress], until: Instant)] = [:]
  private var isClosed = false

  /// `tls`: verifies https servers; without it https is refused. `tracer`: shows the requests of whoever works for a trace.
  package init(on loop: EventLoop, tls: TLSContext? = nil, limits: Limits = Limits(), tracer: (any Tracer)? = nil) {
    self.tracer = tracer
    self.loop = loop
    self.tls = tls
    self.limits = limits
    parserLimits.body = limits.bodyBytes
  }

  /// Closes the idle connections, and each other one after its response.
  package func close() async {
    isClosed = true
    let connections = idle.values.flatMap(\.self)
    idle = [:]
    for connection in connections { await connection.close() }
  }

  /// Sends `request` and gives the whole response, whatever its status.
  package func send(
    _ request: ClientRequest, to origin: Origin, deadline: Instant
  ) async throws(ClientError) -> ReceivedResponse {
    guard let call = CallSpan(request, origin, tracer) else {
      return try await exchange(request, with: origin, deadline: deadline)
    }
    var request = request
    call.tell(&request)
    do throws(ClientError) {
      let response = try await exchange(request, with: origin, deadline: deadline)
      call.end(response.status)
      return response
    } catch {
      call.end(error)
      throw error
    }
  }

  private func exchange(
    _ request: ClientRequest, with origin: Origin, deadline: Instant
  ) async throws(ClientError) -> ReceivedResponse {
    let bytes = try request.encoded(for: origin)
    guard underWay[origin, default: 0] < limits.requests else { throw .tooManyRequests }
    underWay[origin, default: 0] += 1
    defer { underWay[origin, default: 1] -= 1 }
    if let connection = await takeIdle(origin) {
      switch await connection.exchange(bytes, request.method, deadline: deadline) {
      case .success(let response):
        await keep(connection, origin)
        return response
      case .failure(.connectionLost(let sent, let reason)):
        let hasReplyBegun = await connection.hasReplyBegun
        guard !sent || (request.isIdempotent && !hasReplyBegun) else { throw .connectionLost(sent: sent, reason) }
      case .failure(let error): throw error
      }
    }
    let connection = try await connect(origin, deadline: deadline)
    let response = try await connection.exchange(bytes, request.method, deadline: deadline).get()
    await keep(connection, origin)
    return response
  }

  // MARK: Connections

  private func takeIdle(_ origin: Origin) async -> ClientConnection? {
    // The last one used is the least likely to be closed soon.
    while let connection = idle[origin]?.popLast() {
      if await connection.isOpen { return connection }
    }
    return nil
  }

  private func keep(_ connection: ClientConnection, _ origin: Origin) async {
    guard await connection.isOpen else { return }
    guard !isClosed, idle[origin, default: []].count < limits.idle else { return await connection.close() }
    await connection.rest(for: limits.idleTime)
    idle[origin, default: []].append(connection)
  }

  private func connect(_ origin: Origin, deadline: Instant) async throws(ClientError) -> ClientConnection {
    guard !origin.isSecure || tls != nil else { throw .connectFailed("no authorities to verify https by") }
    let addresses = try await resolve(origin, deadline: deadline)
    do throws(ConnectError) {
      let transport = try await Transport.connect(
        to: addresses, tls: origin.isSecure ? tls : nil, serverName: origin.host, on: loop, deadline: deadline)
      do throws(SystemError) {
        let connection = ClientConnection(transport, limits: parserLimits, on: loop)
        try await connection.open()
        return connection
      } catch {
        throw ConnectError.system(error)
      }
    } catch {
      // The name may lead elsewhere by now.
      self.addresses[origin] = nil
      if case .timedOut = error { throw .timedOut(sent: false) }
      throw .connectFailed(error.description)
    }
  }

  private func resolve(_ origin: Origin, deadline: Instant) async throws(ClientError) -> [SocketAddress] {
    if let known = addresses[origin], known.until > loop.now { return known.addresses }
    let loop = loop
    // getaddrinfo knows no deadline: whoever comes first, the answer or the timer, ends the wait.
    let found: Result<[SocketAddress], ClientError> = await withUnsafeContinuation { continuation in
      let wait = ResolutionWait(continuation)
      wait.timer = loop.schedule(at: deadline) { wait.finish(.failure(.timedOut(sent: false))) }
      Task(executorPreference: loop) {
        do throws(SystemError) {
          wait.finish(.success(try await Resolver.resolve(host: origin.host, port: origin.port)))
        } catch {
          wait.finish(.failure(.connectFailed(error.description)))
        }
      }
    }
    let resolved = try found.get()
    addresses[origin] = (resolved, loop.now + limits.addressTime)
    return resolved
  }
}

/// `@unchecked Sendable`: on its loop's thread only.
private final class ResolutionWait: @unchecked Sendable {
  typealias Found = Result<[SocketAddress], ClientError>
  private var continuation: UnsafeContinuation<Found, Never>?
  var timer: TimerToken?

  init(_ continuation: UnsafeContinuation<Found, Never>) { self.continuation = continuation }

  func finish(_ found: Found) {
    timer?.cancel()
    continuation?.resume(returning: found)
    continuation = nil
  }
}
