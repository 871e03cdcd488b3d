import Foundation
import Postgres
import TestSupport
import Testing

/// `shop import products`, as a merchant runs it.
@Suite(.enabled(if: ShopProcess.isPossible, "\(ShopProcess.need)"))
struct ImportTests {
  private static let header = "external_id,sku,name,category,style,description,price,currency,stock,image,audience\n"

  /// A row of the file; what is not named is as it should be.
  private static func row(
    _ number: Int, sku: String? = nil, name: String? = nil, price: String = "9.99", currency: String = "USD", stock: String = "5"
  ) -> String {
    "abcdef\(String(number + 16, radix: 16))-x,\(sku ?? "SKU-\(number)"),\(name ?? "Mug \(number)"),kitchen,mugs,\"For tea, mostly.\",\(price),\(currency),\(stock),\(number).jpg,\n"
  }

  private func run(_ database: TestDatabase, _ arguments: [String] = ["-"], _ input: String = "") throws -> ShopRun {
    try ShopRun(["import", "products"] + arguments, ["SHOP_DATABASE_URL": database.url], input: input)
  }

  private func products(_ database: TestDatabase) throws -> [String] {
    try database.query("SELECT count(*) FROM catalogue.product")
  }

  /// A run that is given a file of these bytes.
  private func withFile(_ name: String, _ content: String, _ body: (String) throws -> ShopRun) throws -> ShopRun {
    let folder = FileManager.default.temporaryDirectory.appending(path: "shop-import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: name)
    try Data(content.utf8).write(to: file)
    return try body(file.path)
  }

  // MARK: Faults

  @Test func `one wrong row keeps the whole file out, and is told with line and column`() throws {
    let database = try TestDatabase()
    let file =
      Self.header + (0..<20).map { Self.row($0) }.joined() + Self.row(20, price: "9.999")
      + Self.row(21, currency: "usd", stock: "-1")
    let ended = try run(database, ["-"], file)
    #expect(ended.status == 65)
    #expect(ended.output.isEmpty)
    let lines = ended.complaints.split(separator: "\n").map(String.init)
    #expect(lines.count == 4, "\(ended.complaints)")
    #expect(lines[0].hasPrefix("line 22, column 58 (price): "))
    #expect(lines[1].hasPrefix("line 23, column 63 (currency): "))
    #expect(lines[2].hasPrefix("line 23, column 67 (stock): "))
    #expect(lines[3] == "3 faults: nothing was imported")
    #expect(try products(database) == ["0"])
  }

  @Test func `no more than a hundred faults are told`() throws {
    let database = try TestDatabase()
    let ended = try run(database, ["-"], Self.header + (0..<300).map { Self.row($0, sku: "S \($0)") }.joined())
    let lines = ended.complaints.split(separator: "\n").map(String.init)
    #expect(lines.count == 101)
    #expect(lines[99].hasPrefix("line 101, column "))
    #expect(lines[100] == "stopped after 100 faults: nothing was imported")
  }

  private static let unreadable = [
    ("", "line 1, column 1: the file is empty"), ("sku,name\n", "line 1 (external_id): the column is missing"),
    (header.replacing("audience", with: "color"), "line 1, column 76 (color): no such column"),
    (header + "\"abc", "line 2, column 1: this quote is never closed"),
    (header + row(0).replacing("Mug 0", with: "Mug \"0\""), "line 2, column 22: a quote inside"),
    (header + "a,b\n", "line 2, column 3: 2 fields, the header has 11"),
    (header + row(0) + row(0), "line 3, column 1 (external_id): line 2 has the same"),
    (header + row(0) + row(1, sku: "SKU-0"), "line 3, column 12 (sku): line 2 has the same"),
    (header + row(0, name: "\u{0}"), "line 2, column 18: a NUL character"),
    (header + row(0, name: ""), "line 2, column 18 (name): "), (header + row(0, price: "1e3"), "line 2, column 56 (price): "),
  ]

  @Test func `a file that cannot be read says where`() throws {
    let database = try TestDatabase()
    for (content, complaint) in Self.unreadable {
      let ended = try run(database, ["-"], content)
      #expect(ended.status == 65)
      #expect(ended.complaints.contains(complaint), "\(ended.complaints)")
      #expect(ended.complaints.hasSuffix("nothing was imported\n"))
    }
    #expect(try products(database) == ["0"])
  }

  @Test func `what the catalogue has against a row keeps the file out, too`() throws {
    let database = try TestDatabase()
    #expect(try run(database, ["-"], Self.header + Self.row(0)).output == "1 created, 0 changed, 0 unchanged.\n")
    let ended = try run(database, ["-"], Self.header + Self.row(1) + Self.row(2, sku: "SKU-0"))
    #expect(ended.status != 0)
    #expect(ended.complaints.contains("line 3, column 12 (sku): another product has the SKU SKU-0"), "\(ended.complaints)")
    #expect(try products(database) == ["1"])
    #expect(try database.query("SELECT count(*) FROM sales.stock_level") == ["1"])
  }

  @Test func `a file that is not there or of no known kind ends with a sentence`() throws {
    let database = try TestDatabase()
    let missing = try run(database, ["/nowhere/products.csv"])
    #expect(missing.status == 66)
    #expect(missing.complaints.hasPrefix("shop: cannot read /nowhere/products.csv: "))
    let unknown = try run(database, ["products.xml"])
    #expect(unknown.status == 64)
    #expect(unknown.complaints.contains("ends in neither .csv nor .ndjson"))
    let nowhere = try ShopRun(
      ["import", "products", "-"], ["SHOP_DATABASE_URL": "postgres://shop@127.0.0.1:1/shop"], input: Self.header + Self.row(0))
    #expect(nowhere.status == 1)
    #expect(nowhere.complaints.hasPrefix("shop: "))
  }

  // MARK: Products

  @Test func `a file imported again changes nothing, and one that differs only what differs`() throws {
    let database = try TestDatabase()
    let file = Self.header + (0..<30).map { Self.row($0) }.joined()
    #expect(try run(database, ["-"], file).output == "30 created, 0 changed, 0 unchanged.\n")
    let state = "SELECT string_agg(p::text, '|' ORDER BY id) FROM catalogue.product_snapshot p (id)"
    let before = try database.query(state)
    #expect(try run(database, ["-"], file).output == "0 created, 0 changed, 30 unchanged.\n")
    #expect(try database.query(state) == before)
    let changed = file.replacing(Self.row(7), with: Self.row(7, name: "Beaker", price: "12")) + Self.row(30)
    #expect(try run(database, ["-"], changed).output == "1 created, 1 changed, 29 unchanged.\n")
    #expect(
      try database.query(
        "SELECT p.title, r.amount, p.handle, p.version FROM catalogue.product p JOIN catalogue.variant v ON v.product_id = p.id JOIN catalogue.price r ON r.variant_id = v.id WHERE v.sku = 'SKU-7'"
      )
        == ["Beaker|1200|mug-7-abcdef17|2"])
    #expect(try database.query("SELECT handle FROM catalogue.category ORDER BY cardinality(ancestors)") == ["kitchen", "mugs"])
    #expect(try database.query("SELECT unit_amount FROM catalogue.offer WHERE sku = 'SKU-7'") == ["1200"])
  }

  @Test func `stock that is there is left alone, unless it shall be set`() throws {
    let database = try TestDatabase()
    let file = Self.header + Self.row(0, stock: "5") + Self.row(1, stock: "0")
    _ = try run(database, ["-"], file)
    let stock = "SELECT on_hand FROM sales.stock_level l JOIN catalogue.variant v ON v.id = l.variant_id ORDER BY v.sku"
    #expect(try database.query(stock) == ["5", "0"])
    let more = file.replacing(Self.row(0, stock: "5"), with: Self.row(0, stock: "8"))
    #expect(try run(database, ["-"], more).output == "0 created, 0 changed, 2 unchanged.\n")
    #expect(try database.query(stock) == ["5", "0"])
    #expect(try run(database, ["--set-stock", "-"], more).output.hasSuffix("Stock set for 1 variants that were here already.\n"))
    #expect(try database.query(stock) == ["8", "0"])
    // What was sold since then stays sold, however often the same file comes.
    try database.execute("UPDATE sales.stock_level SET on_hand = 6 WHERE on_hand = 8")
    _ = try run(database, ["--set-stock", "-"], more)
    #expect(try database.query(stock) == ["6", "0"])
    // What is reserved cannot be taken away.
    try database.execute("UPDATE sales.stock_level SET reserved = 6 WHERE on_hand = 6")
    let fewer = try run(database, ["--set-stock", "-"], Self.header + Self.row(0, stock: "3") + Self.row(2))
    #expect(fewer.complaints.contains("(stock): 6 are reserved"), "\(fewer.complaints)")
    #expect(try products(database) == ["2"])
  }

  @Test(arguments: ["catalogue.product ORDER BY id", "sales.stock_level ORDER BY variant_id"])
  func `an import that has to wait holds no stock that a checkout would want`(row: String) async throws {
    let database = try TestDatabase()
    // More than it takes at once, in the order of their ids, and then the other way round.
    let numbers = 0..<1_200
    let first = try run(database, ["-"], Self.header + numbers.map { Self.row($0) }.joined())
    #expect(first.status == 0, "\(first.complaints)")
    let other = try BlockingSession(try ConnectionString(database.url), applicationName: "other") { _ in }
    try other.execute("BEGIN; SELECT 1 FROM \(row) LIMIT 1 FOR UPDATE")
    let file = Self.header + numbers.reversed().map { Self.row($0, name: "Cup \($0)", stock: "7") }.joined()
    let arguments = ["import", "products", "--set-stock", "-"]
    async let importing = onThread { try ShopRun(arguments, ["SHOP_DATABASE_URL": database.url], input: file) }
    try await until("the import waits") {
      try database.query(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == ["1"]
    }
    #expect(
      try database.query(
        """
        SELECT count(*) FROM (SELECT 1 FROM sales.stock_level WHERE variant_id <> (SELECT variant_id FROM sales.stock_level ORDER BY 1 LIMIT 1)
                              FOR UPDATE NOWAIT) free
        """) == ["1199"])
    try other.execute("COMMIT")
    let ended = try await importing
    #expect(ended.status == 0, "\(ended.complaints)")
    #expect(ended.output.hasSuffix("Stock set for 1200 variants that were here already.\n"), "\(ended.output)")
    #expect(try database.query("SELECT DISTINCT on_hand FROM sales.stock_level") == ["7"])
  }

  @Test func `lines of JSON make the same products as CSV, from a file or standard input`() throws {
    let line =
      #"{"external_id":"abcdef10-x","sku":"SKU-0","name":"Mug 0","category":"kitchen","style":"mugs","description":"For tea, mostly.","price":9.99,"currency":"USD","stock":5,"image":"0.jpg"}"#
    let database = try TestDatabase()
    #expect(try run(database, ["-"], Self.header + Self.row(0)).output == "1 created, 0 changed, 0 unchanged.\n")
    let lines = try withFile("products.ndjson", line + "\n\n") { try run(database, [$0]) }
    #expect(lines.output == "0 created, 0 changed, 1 unchanged.\n")
    #expect(try run(database, ["--format", "ndjson", "-"], line).output == "0 created, 0 changed, 1 unchanged.\n")
    let rows = try withFile("products.csv", Self.header + Self.row(0)) { try run(database, [$0]) }
    #expect(rows.output == "0 created, 0 changed, 1 unchanged.\n")
    let wrong = try run(
      database, ["--format", "ndjson", "-"], line + "\n" + line.replacing("9.99", with: "true") + "\n{\"a\":1}\n[")
    #expect(wrong.status == 65)
    for place in ["line 2 (price): ", "line 3 (a): ", "line 3 (sku): ", "line 4, column 2: "] {
      #expect(wrong.complaints.contains(place), "\(place) in \(wrong.complaints)")
    }
  }

  // MARK: A merchant's whole file

  private static let merchants = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/data/catalogue.csv").standardized.path

  @Test(
    .enabled(
      if: FileManager.default.isReadableFile(atPath: merchants), "there is no ../shared/data/catalogue.csv beside this checkout"))
  func `a merchant's file of thousands of products is taken as it is`() async throws {
    let database = try TestDatabase()
    // One line a product; the last five fields are never quoted.
    let rows = try String(contentsOfFile: Self.merchants, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).suffix(5).map(String.init) }
    let cents = rows.reduce(0) { $0 + (Int($1[0].replacing(".", with: "")) ?? 0) * ($1[0].contains(".") ? 1 : 100) }
    let stock = rows.reduce(0) { $0 + (Int($1[2]) ?? 0) }
    #expect(try run(database, [Self.merchants]).output == "\(rows.count) created, 0 changed, 0 unchanged.\n")
    #expect(
      try database.query("SELECT count(*), sum(amount) FROM catalogue.price WHERE currency = 'USD'") == ["\(rows.count)|\(cents)"]
    )
    #expect(try database.query("SELECT sum(on_hand), sum(reserved) FROM sales.stock_level") == ["\(stock)|0"])
    #expect(try run(database, [Self.merchants]).output == "0 created, 0 changed, \(rows.count) unchanged.\n")
    let server = try await TestServer.start(database: database, settings: ["SHOP_WORKER": "off"])
    let counted = try await server.get("/v1/products?count=exact&limit=1")
    let shirt = try await server.get("/v1/products/sunlit-serenity-linen-shirt-00096972")
    let found = try await server.get("/v1/search?q=sunlit+serenity+shirts")
    await server.stop()
    #expect(counted["count"] == "\(rows.count)")
    #expect(shirt["variants", "0", "prices", "0", "amount"] == "8999")
    #expect(shirt["categories", "0", "title"] == "Shirt")
    #expect(found["data", "0", "id"] == shirt["id"])
  }
}
