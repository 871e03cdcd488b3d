import Crypto
import HTTP
import HTTPServer
import Reactor
import Shop
import ShopAPI
import Synchronization
import Telemetry

/// What one loop serves: the API, with request ids before it and telemetry after it.
final class LoopService: Service, Sendable {
  private let api: API
  private let telemetry: RequestTelemetry
  private let bodyLimits: API.BodyLimits
  private let ids: RequestIDs

  init(api: API, telemetry: RequestTelemetry, bodyLimits: API.BodyLimits, clock: any WallClock) {
    self.api = api
    self.telemetry = telemetry
    self.bodyLimits = bodyLimits
    ids = RequestIDs(clock: clock)
  }

  func respond(to request: Request, received: Instant) async -> Answer {
    let id = ids.next()
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
