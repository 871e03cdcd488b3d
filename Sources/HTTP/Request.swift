/// A whole request.
package struct Request: Sendable {
  package let head: RequestHead
  package let body: [UInt8]
  /// The numeric address of the connection's other end; set by the server.
  package var peer = ""

  package var method: Method { head.method }
  package var path: String { head.path }
  package func field(_ name: StaticString) -> String? { head.field(name) }
}
