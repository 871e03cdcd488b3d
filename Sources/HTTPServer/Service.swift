import HTTP
import Reactor

/// What a server serves: one value a loop, called on that loop only.
package protocol Service: AnyObject {
  /// Answers a whole request; never throws, a fault is an answer too.
  func respond(to request: Request, received: Instant) async -> Answer

  /// The answer to bytes that are no request, before the connection is closed.
  func refuse(_ failure: ParseFailure) -> Answer

  /// Told of each answer once its last byte is with the kernel or the connection is lost.
  func finished(_ exchange: Exchange)

  /// How many content bytes a request with this head may have.
  func bodyLimit(for head: RequestHead) -> Int
}

/// A response, and what telemetry calls it.
package struct Answer: Sendable {
  package var response: Response
  /// Position in the service's own table of routes.
  package var route: Int
  package var requestID: String
  /// What the service wants to see again in `finished`.
  package var companion: (any AnyObject & Sendable)?

  package init(_ response: Response, route: Int, requestID: String) {
    self.response = response
    self.route = route
    self.requestID = requestID
  }
}

/// One request and its answer, for logs and metrics.
package struct Exchange {
  /// Nil where the bytes were no request.
  package let request: Request?
  package let route: Int
  package let requestID: String
  /// The answer's.
  package let companion: (any AnyObject & Sendable)?
  package let status: Int
  /// From the last byte of the request to the last byte handed to the kernel.
  package let duration: Duration
  /// Content bytes; heads are not counted.
  package let bytesIn: Int
  package let bytesOut: Int
}
