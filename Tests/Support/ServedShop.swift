/// A shop that answers on loopback: a server within the tests' process, or a process of its own.
package protocol ServedShop: Sendable {
  var port: UInt16 { get }
}
