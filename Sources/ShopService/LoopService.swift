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
  private let bodyLimits: Int
  private let ids: RequestIDs

  init(api: API, telemetry: RequestTelemetry, bodyLimit: Int, clock: any WallClock) {
    self.api = api
    self.telemetry = telemetry
    bodyLimits = bodyLimit
    ids = RequestIDs(clock: clock)
  }

  func respond(to request: Request, received: Instant) async -> Answer {
    let id = ids.next()
    let answer = await api.respond(to: request, id: id, received: received)
    var response = answer.response
    let text = id.description
    response.fields.append("X-Request-Id", text)
    if let fault = answer.fault { telemetry.log(fault, requestID: text) }
    return Answer(response, route: answer.route, requestID: text)
  }

  func refuse(_ failure: ParseFailure) -> Answer {
    let id = ids.next()
    return Answer(ErrorMap.response(for: failure, id), route: API.unrouted, requestID: id.description)
  }

  func finished(_ exchange: Exchange) { telemetry.record(exchange) }

  func bodyLimit(for head: RequestHead) -> Int { bodyLimits }
}
