import Shop

/// A request that may be sent again: whose it is, its key, and what it must be equal to.
package struct KeyedRequest: Sendable {
  package let principal: String
  package let key: String
  /// SHA-256 over method, path and body.
  package let digest: [UInt8]
  /// Until when nobody else may take it over, should it take more than one transaction.
  package let lockUntil: Timestamp

  package init(principal: String, key: String, digest: [UInt8], lockUntil: Timestamp) {
    self.principal = principal
    self.key = key
    self.digest = digest
    self.lockUntil = lockUntil
  }

  /// What a sealed answer belongs to: moved to another key, it opens no more.
  var context: [UInt8] { Array("\(principal)\n\(key)".utf8) }
}
