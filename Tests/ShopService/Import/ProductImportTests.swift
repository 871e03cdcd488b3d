import Testing

@testable import ShopService

struct ProductImportTests {
  private func faults(_ text: String, _ format: ProductFile.Format = .csv) -> [String] {
    do throws(ImportFaults) {
      _ = try ProductImport(Array(text.utf8), format)
      return []
    } catch {
      return error.all.map(\.description)
    }
  }

  private static let header = "external_id,sku,name,price,currency,stock\n"

  @Test func `columns may come in any order, and those that say nothing may be left out`() {
    #expect(faults("stock,name,sku,external_id,currency,price\n3,Mug,MUG-1,abcdefgh-1,USD,9.99\n") == [])
  }

  @Test func `each wrong field is told with line and column`() {
    let found = faults(Self.header + "abcdefgh-1,S 1,Mug,9.999,USD,-1\n")
    #expect(found.count == 3)
    #expect(found.contains { $0.hasPrefix("line 2, column 12 (sku)") })
    #expect(found.contains { $0.hasPrefix("line 2, column 20 (price)") })
    #expect(found.contains { $0.hasPrefix("line 2, column 30 (stock)") })
  }

  @Test func `the same SKU twice is told with the line of the first`() {
    let found = faults(Self.header + "abcdefgh-1,S1,Mug,1,USD,1\nabcdefgi-1,S1,Cup,1,USD,1\n")
    #expect(found == ["line 3, column 12 (sku): line 2 has the same"])
  }

  @Test func `after a hundred faults the file is read no further`() {
    let rows = (0..<300).map { "abcdefgh-\($0),S \($0),Mug\($0),1,USD,1\n" }.joined()
    #expect(faults(Self.header + rows).count == 100)
  }

  @Test func `an unknown column and a missing one are told before any row`() {
    #expect(faults("external_id,sku,name,price,currency,colour\nx,y,z,1,USD,red\n").count == 2)
  }

  @Test func `lines of JSON take numbers and strings`() {
    let line = #"{"external_id":"abcdefgh-1","sku":"S1","name":"Mug","price":9.99,"currency":"USD","stock":3}"#
    #expect(faults(line + "\n\n", .ndjson) == [])
    #expect(faults("[1]\n", .ndjson) == ["line 1, column 1: an object is needed, not array"])
    #expect(faults(line + "\n{\"sku\"", .ndjson).first?.hasPrefix("line 2, column 7") == true)
  }
}
