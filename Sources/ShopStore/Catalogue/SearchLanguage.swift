import Postgres

/// The language of the search: the text search configuration of PostgreSQL in which words are stemmed, those of the products and
/// those that are searched for. The database keeps which one it is, so both always are the same.
package struct SearchLanguage: Sendable {
  private let database: Database

  package init(_ database: Database) { self.database = database }

  /// PostgreSQL has no such configuration.
  package struct Unknown: Error, CustomStringConvertible {
    let name: String
    let known: [String]

    package var description: String {
      "PostgreSQL has no text search configuration \"\(name)\": it has \(known.joined(separator: ", "))"
    }
  }

  private static let known = Statement(
    "search_languages",
    """
    SELECT text_search::text, ARRAY(SELECT cfgname::text FROM pg_ts_config WHERE pg_ts_config_is_visible(oid) ORDER BY cfgname)
      FROM catalogue.setting
    """)
  private static let configure = Statement(
    "search_configure", "SELECT catalogue.configure_search($1::text::regconfig)")

  /// Whether the products are in this language; throws `Unknown` where they cannot be.
  package func isConfigured(_ name: String, deadline: Deadline) async throws -> Bool {
    let row = try await database.read(Self.known(), deadline: deadline)[0]
    let known = try row.strings(1)
    guard known.contains(name) else { throw Unknown(name: name, known: known) }
    return try row.string(0) == name
  }

  /// Makes it the language of the search; the words of all products are taken anew where it was another, which this tells.
  package func configure(_ name: String, deadline: Deadline) async throws -> Bool {
    guard try await !isConfigured(name, deadline: deadline) else { return false }
    return try await database.query(Self.configure(.text(name)), deadline: deadline)[0].bool(0)
  }
}
