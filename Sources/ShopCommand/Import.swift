import ArgumentParser
import Glibc
import Reactor
import ShopService
import ShopStore

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take data over from a merchant's files.", subcommands: [ImportProducts.self])
}

struct ImportProducts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "products",
    abstract: "Make and change products from a CSV file or from JSON lines.",
    discussion: """
      Columns, in any order: external_id, sku, name, price, currency, stock, and as far as there is something to say category, \
      style, description, image, audience. All or nothing: a file with faults imports nothing, and up to 100 of them are told \
      with line and column. With --set-stock the stock of products that are here follows in short steps once the rest is in; \
      after a failure in between the same file ends it. Products are known by their external_id; rows that say nothing new \
      write nothing. Reads SHOP_DATABASE_URL, and SHOP_REDIS_URL to tell running servers.
      """)

  @Argument(help: "A .csv or .ndjson file; - for standard input.")
  var file: String

  @Option(help: "csv or ndjson: needed for standard input that is not CSV.")
  var format: String?

  @Flag(name: .customLong("set-stock"), help: "Set the stock of products that are here already, too.")
  var setStock = false

  func validate() throws {
    if let format, !["csv", "ndjson"].contains(format) { throw ValidationError("--format is csv or ndjson.") }
    if format == nil, file != "-", !file.hasSuffix(".csv"), !file.hasSuffix(".ndjson") {
      throw ValidationError("'\(file)' ends in neither .csv nor .ndjson: say --format.")
    }
  }

  func run() throws {
    let isLines = format == "ndjson" || (format == nil && file.hasSuffix(".ndjson"))
    let content = try InputFile.read(file)
    let input: ProductImport
    do {
      input = try ProductImport(content, isLines ? .ndjson : .csv)
    } catch {
      Settings.complain("\(error)")
      throw ExitCode(65)  // EX_DATAERR of sysexits.h
    }
    let setStock = setStock
    let notice = try CatalogueNotice.fromSettings()
    let counts = try DatabaseWork.run { database in
      try await DoorStore(database).require(.catalogue)
      if setStock { try await DoorStore(database).require(.stock) }
      let counts = try await input.load(
        into: ProductImporting(database), setStock: setStock, deadline: .measured() + .seconds(600)
      ) { Progress.show("\($0) of \(input.count) rows") }
      if counts.hasWritten { await notice?.send(on: database.loop) }
      return counts
    }
    Progress.clear()
    print("\(counts.created) created, \(counts.changed) changed, \(counts.unchanged) unchanged.")
    for fault in input.places(of: counts.stockRefused) { Settings.complain("\(fault)") }
    if !counts.stockRefused.isEmpty {
      let count = counts.stockRefused.count
      Settings.complain("the stock of \(count) variant\(count == 1 ? "" : "s") was not set: the rest of the file is imported")
      throw ExitCode(65)
    }
    if setStock { print("Stock set for \(counts.stockSet) variants that were here already.") }
  }
}
