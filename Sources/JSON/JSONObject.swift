/// The members of a JSON object, in the order of the text; no name occurs twice.
package struct JSONObject: Sendable, Equatable {
  package struct Member: Sendable, Equatable {
    package let name: String
    package let value: JSONValue

    package init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  package let members: [Member]

  /// No members.
  package init() {
    members = []
  }

  /// Takes over members whose names are known to differ.
  init(distinct members: [Member]) {
    self.members = members
  }

  package var count: Int { members.count }

  package var names: some Sequence<String> { members.lazy.map(\.name) }

  /// The value of a member, nil where there is none. A walk: bodies have few members.
  package subscript(name: String) -> JSONValue? {
    for member in members where member.name == name { return member.value }
    return nil
  }
}
