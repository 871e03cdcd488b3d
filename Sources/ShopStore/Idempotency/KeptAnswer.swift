/// An answer as it is kept with its key, and given again byte for byte.
package struct KeptAnswer: Sendable, Equatable {
  package let status: Int
  package let location: String?
  /// The entity tag in its quotes, of the state that the answer shows.
  package let tag: String?
  package let contentType: String
  package let body: [UInt8]

  package init(
    status: Int, location: String? = nil, tag: String? = nil, contentType: String = "application/json", body: [UInt8] = []
  ) {
    self.status = status
    self.location = location
    self.tag = tag
    self.contentType = contentType
    self.body = body
  }
}
