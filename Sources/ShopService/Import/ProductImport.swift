import Crypto
import Reactor
import Shop
import ShopStore

/// `shop import products`: from the bytes of a file to products, all of them or none.
package struct ProductImport: Sendable {
  private let items: [ProductImporting.Item]
  private let rows: [ProductFile.Row]

  /// How many rows the file has.
  package var count: Int { rows.count }

  /// Reads and checks the whole file before anything is written; throws its first hundred faults.
  package init(_ bytes: [UInt8], _ format: ProductFile.Format) throws(ImportFaults) {
    let file = try ProductFile(bytes, format)
    let digest = Hex.encode(SHA256.digest(bytes))
    var faults = ImportFaults()
    var items: [ProductImporting.Item] = []
    var lines = Lines()
    for row in file.rows {
      guard !faults.isCutShort else { break }
      switch row.row.imported() {
      case .failure(let flaws):
        for flaw in flaws.all { faults.add(row.fault(flaw.column, flaw.detail)) }
      case .success(let imported):
        for (column, detail) in lines.repeated(imported, row.line) { faults.add(row.fault(column, detail)) }
        items.append(ProductImporting.Item(imported: imported, reference: "\(digest):\(row.line)"))
      }
    }
    guard faults.all.isEmpty else { throw faults }
    self.items = items
    rows = file.rows
  }

  /// Where the file says something a first time.
  private struct Lines {
    var externalIDs: [String: Int] = [:]
    var skus: [String: Int] = [:]
    var handles: [String: Int] = [:]

    mutating func repeated(_ imported: ImportRow.Imported, _ line: Int) -> [(String, String)] {
      if let first = externalIDs.updateValue(line, forKey: imported.externalID) {
        return [("external_id", "line \(first) has the same")]
      }
      for variant in imported.product.variants {
        if let first = skus.updateValue(line, forKey: variant.sku.text) { return [("sku", "line \(first) has the same")] }
      }
      if let first = handles.updateValue(line, forKey: imported.product.handle.text) {
        return [("external_id", "line \(first) makes the same handle, \(imported.product.handle)")]
      }
      return []
    }
  }

  /// Throws `ImportFaults` for what the catalogue has against rows; then nothing is kept.
  package func load(
    into store: ProductImporting, setStock: Bool, deadline: Deadline, _ report: @Sendable (Int) -> Void
  ) async throws -> ProductImporting.Counts {
    do {
      return try await store.load(items, setStock: setStock, deadline: deadline, report)
    } catch let conflicts as ProductImporting.Conflicts {
      var faults = ImportFaults()
      for fault in places(of: conflicts.all) { faults.add(fault) }
      throw faults
    }
  }

  /// Where in the file stands what the catalogue has something against.
  package func places(of conflicts: [ProductImporting.Conflict]) -> [ImportFault] {
    conflicts.map { rows[$0.item].fault($0.column, $0.detail) }
  }
}
