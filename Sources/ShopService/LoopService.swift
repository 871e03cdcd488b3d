import Crypto
import HTTP
import HTTPServer
import Reactor
import Shop
import ShopAPI
import Synchronization
import Telemetry
import Tracing

/// What one loop serves: the API, with request ids before it and telemetry after it.
final class LoopService: Service, Sendable {
  private let api: API
  private let telemetry: RequestTelemetry
  private let bodyLimits: API.BodyLimits
  private let ids: RequestIDs
  /// Nil: nothing is traced.
  private let tracer: RecordingTracer?

  init(api: API, telemetry: RequestTelemetry, bodyLimits: API.BodyLimits, clock: any WallClock, tracer: RecordingTracer?) {
    self.tracer = tracer
    self.api = api
    self.telemetry = telemetry
    self.bodyLimits = bodyLimits
    ids = RequestIDs(clock: clock)
  }

  func respond(to request: Request, received: Instant) async -> Answer {
    let id = ids.next()
    guard let tracer, let context = tracer.admit(traceparent: request.head.rawField("traceparent")) else {
      return await respond(to: request, id, received: received)
    }
    let span = tracer.startSpan(request.method.name, context: context, ofKind: .server, at: SpanTime(received))
    var answer = await InstrumentationContext.withValue(span.context) {
      await respond(to: request, id, received: received)
    }
    answer.companion = span
    return answer
  }

  private func respond(to request: Request, _ id: RequestID, received: Instant) async -> Answer {
    let answer = await api.respond(to: request, id: id, received: received)
    if let fault = answer.fault { telemetry.log(fault, requestID: id.description) }
    return self.answer(answer.response, route: answer.route, id)
  }

  func refuse(_ failure: ParseFailure) -> Answer {
    let id = ids.next()
    return answer(ErrorMap.response(for: failure, id), route: API.unrouted, id)
  }

  private func answer(_ response: Response, route: Int, _ id: RequestID) -> Answer {
    var response = response
    let text = id.description
    response.fields.append("X-Request-Id", text)
    return Answer(response, route: route, requestID: text)
  }

  func finished(_ exchange: Exchange) { telemetry.record(exchange) }

  func bodyLimit(for head: RequestHead) -> Int { api.bodyLimit(for: head, bodyLimits) }
}
