import Crypto
import Glibc

/// One file `NNNN_verb_noun.sql` of the migrations folder.
package struct Migration: Sendable, Equatable {
  package let version: Int
  /// `create_catalogue` of `0001_create_catalogue.sql`.
  package let name: String
  package let sql: String
  /// Of the file's bytes, in lower-case hexadecimal.
  package let digest: String

  package init(version: Int, name: String, sql: String) {
    self.version = version
    self.name = name
    self.sql = sql
    let digits = Array("0123456789abcdef".utf8)
    digest = String(decoding: SHA256.digest(sql).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  package var fileName: String { "\(Migration.padded(version))_\(name).sql" }

  static func padded(_ version: Int) -> String {
    let digits = "\(version)"
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// All of `folder`, in order: from 1, without a gap. Files that do not end in `.sql` are passed over.
  package static func all(in folder: String) throws(MigrationError) -> [Migration] {
    guard let directory = opendir(folder) else { throw .unreadable(path: folder, code: errno) }
    defer { closedir(directory) }
    var migrations: [Migration] = []
    while let entry = readdir(directory) {
      let file = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard file.hasSuffix(".sql"), !file.hasPrefix(".") else { continue }
      guard let (version, name) = parse(file) else { throw .badName(file) }
      migrations.append(Migration(version: version, name: name, sql: try read("\(folder)/\(file)")))
    }
    migrations.sort { $0.version < $1.version }
    for (index, migration) in migrations.enumerated() where migration.version != index + 1 {
      if index > 0 && migrations[index - 1].version == migration.version { throw .duplicate(version: migration.version) }
      throw .gap(version: index + 1)
    }
    return migrations
  }

  private static func parse(_ file: String) -> (version: Int, name: String)? {
    let stem = file.dropLast(4)
    let number = stem.prefix(4)
    let name = stem.dropFirst(5)
    guard number.utf8.count == 4, number.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let version = Int(number),
      version > 0, stem.dropFirst(4).first == "_", !name.isEmpty,
      name.utf8.allSatisfy({ ($0 >= 0x61 && $0 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5f })
    else { return nil }
    return (version, String(name))
  }

  private static func read(_ path: String) throws(MigrationError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, code: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(path: path, code: errno) }
      if count == 0 { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else { throw .notText(path: path) }
    return text
  }
}

/// Why migrations do not run; nothing of the one that failed is kept.
package enum MigrationError: Error, Sendable, CustomStringConvertible {
  case unreadable(path: String, code: Int32)
  case notText(path: String)
  /// Not `NNNN_verb_noun.sql`.
  case badName(String)
  case gap(version: Int)
  case duplicate(version: Int)
  /// The file is no longer the one that was applied.
  case changed(file: String)
  /// The database has a migration that the folder lacks: the program is older than its database.
  case unknown(version: Int, name: String)
  case failed(file: String, PostgresError)
  /// The file ended the transaction that it runs in.
  case endedTransaction(file: String)
  case database(PostgresError)

  package var description: String {
    switch self {
    case .unreadable(let path, let code): "cannot read \(path): \(String(cString: strerror(code)))"
    case .notText(let path): "\(path) is not UTF-8 text"
    case .badName(let file): "\(file) is not named NNNN_verb_noun.sql"
    case .gap(let version): "migration \(Migration.padded(version)) is missing"
    case .duplicate(let version): "migration \(Migration.padded(version)) exists twice"
    case .changed(let file): "\(file) has changed since it was applied: undo the change and write a new migration"
    case .unknown(let version, let name):
      "the database has \(Migration.padded(version))_\(name), which this program does not know"
    case .failed(let file, let error): "\(file) failed and was rolled back: \(error)"
    case .endedTransaction(let file): "\(file) ends the transaction that it runs in: leave BEGIN and COMMIT out"
    case .database(let error): "\(error)"
    }
  }
}
