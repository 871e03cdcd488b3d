/// A shop that answers on loopback: a server within the tests' process, or a process of its own.
package protocol ServedShop: Sendable {
  var port: UInt16 { get }
  /// What its document says of it, against which every answer is held; nil where it has none.
  var contract: Contract? { get }
}
