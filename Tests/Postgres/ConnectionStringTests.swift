import Testing

@testable import Postgres

@Suite struct ConnectionStringTests {
  @Test func `a URL names several servers, and its password is never shown`() throws {
    let target = try ConnectionString(
      "postgres://shop:s3cr%40t@db1.example:5433,db2.example/shop?sslmode=verify-full&target_session_attrs=read-write")
    #expect(target.hosts.map(\.name) == ["db1.example", "db2.example"])
    #expect(target.hosts.map(\.port) == [5433, 5432])
    #expect(target.parameters["password"] == "s3cr@t")
    #expect(target.description == "postgres://shop@db1.example:5433,db2.example:5432/shop?sslmode=verify-full")
    #expect(target.with(database: "other").database == "other")
  }

  @Test func `a directory is a local socket`() throws {
    let target = try ConnectionString("postgres:///shop?host=/var/run/postgresql&port=5555")
    #expect(target.hosts == [.init(name: "/var/run/postgresql", address: nil, port: 5555)])
    #expect(target.hosts[0].isLocalSocket)
    #expect(try ConnectionString("host=localhost dbname=shop").database == "shop")
  }

  @Test(arguments: ["", "mysql://x", "postgres://u:hidden@[::1", "postgres://u:hidden@h:0/d", "postgres://h:99999/d", "host"])
  func `what is no URL is refused without repeating it`(_ text: String) {
    let error = #expect(throws: ConnectionString.Malformed.self) { try ConnectionString(text) }
    #expect(error?.description.contains("hidden") == false)
  }
}
