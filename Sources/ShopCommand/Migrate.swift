import ArgumentParser
import Postgres
import Reactor
import ShopService
import ShopStore

struct Migrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring the database's schema up to date, or show how far it is.",
    discussion: """
      Applies the files NNNN_verb_noun.sql that the database lacks, each in a transaction of its own, one process at a time. \
      Refuses when a file has changed since it was applied, or is missing. Then makes SHOP_SEARCH_LANGUAGE the language of the \
      search. Reads SHOP_DATABASE_URL.
      """)

  @Flag(help: "Show what is applied and what is pending, and change nothing.")
  var status = false

  @Option(help: "The part of the shop that this database holds: all, product or order; an empty one can take another part.")
  var role: Role?

  @Option(help: "The folder of the migrations; by default SHOP_MIGRATIONS, or else ./Migrations.")
  var path: String?

  func run() throws {
    let folder = path ?? Settings.variables["SHOP_MIGRATIONS"] ?? "Migrations"
    let target = try Settings.databaseTarget()
    let language = try Settings.searchLanguage()
    do {
      let migrator = try Migrator(target, folder: folder)
      if status {
        for entry in try migrator.status() { print("\(entry.migration.fileName)  \(entry.appliedAt ?? "pending")") }
      } else {
        let count = try migrator.migrate { Self.tell($0) }
        print(count == 0 ? "The schema is up to date." : "\(count) migration\(count == 1 ? "" : "s") applied.")
        if let role { try Self.configure(role) }
        try Self.configureSearch(language)
      }
    } catch let error where !(error is ExitCode) {
      Settings.complain("shop: \(error)")
      throw ExitCode.failure
    }
  }

  private static func configure(_ role: Role) throws {
    let isNew = try DatabaseWork.run { database in
      try await DoorStore(database).configure(role: role.rawValue, deadline: .measured() + .seconds(60))
    }
    if isNew { print("The database holds the part \(role.rawValue) from now on.") }
  }

  private static func configureSearch(_ language: String) throws {
    let isNew = try DatabaseWork.run { database in
      try await SearchLanguage(database).configure(language, deadline: .measured() + .seconds(600))
    }
    if isNew { print("The search is in \(language) from now on.") }
  }

  private static func tell(_ event: Migrator.Event) {
    switch event {
    case .waiting: Settings.complain("shop: another process migrates this database: waiting for it")
    case .applying: break
    case .applied(let migration): print("applied \(migration.fileName)")
    // Mere notices ("already exists, skipping") are no news.
    case .notice(let text): if !text.hasPrefix("NOTICE") { Settings.complain("shop: \(text)") }
    }
  }
}
