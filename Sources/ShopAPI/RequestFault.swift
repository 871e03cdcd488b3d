import HTTP
import JSON

/// What is wrong with a request before any rule of the shop is asked.
package enum RequestFault: Error, Equatable {
  /// The path exists, the method does not; `allowed` is what does.
  case methodNotAllowed(allowed: [Method])
  /// The content is of a type, or in an encoding, that the route does not read.
  case unsupportedMediaType(isPatch: Bool)
  case invalidJSON(JSONError)
}
