import Testing

@testable import ShopService

struct CSVReaderTests {
  private func records(_ text: String) throws -> [[String]] {
    var reader = CSVReader(Array(text.utf8))
    var records: [[String]] = []
    while let record = try reader.next() { records.append(record.map(\.text)) }
    return records
  }

  private func fault(_ text: String) -> CSVReader.Malformed? {
    do throws(CSVReader.Malformed) {
      var reader = CSVReader(Array(text.utf8))
      while try reader.next() != nil {}
      return nil
    } catch {
      return error
    }
  }

  @Test func `quoted fields keep their commas, quotes and line ends`() throws {
    #expect(try records("a,\"b,\"\"c\"\"\r\nd\",e\r\nf,,g") == [["a", "b,\"c\"\r\nd", "e"], ["f", "", "g"]])
  }

  @Test func `a byte order mark is passed over, and LF ends a line as well as CRLF`() throws {
    #expect(try records("\u{FEFF}a,b\nc,d\n") == [["a", "b"], ["c", "d"]])
  }

  @Test func `places count characters and the lines within quotes`() throws {
    var reader = CSVReader(Array("é,\"x\ny\",z\nlast".utf8))
    let first = try #require(try reader.next())
    #expect(first.map(\.column) == [1, 3, 4])
    #expect(first.map(\.line) == [1, 1, 2])
    let second = try #require(try reader.next())
    #expect(second[0].line == 3)
  }

  @Test func `what RFC 4180 leaves open is a fault with its place`() {
    #expect(
      fault("a,b\"c") == CSVReader.Malformed(line: 1, column: 4, detail: "a quote inside a field that does not begin with one"))
    #expect(fault("a\n\"b\"c") == CSVReader.Malformed(line: 2, column: 4, detail: "text after the closing quote of a field"))
    #expect(fault("a,\"b\nc") == CSVReader.Malformed(line: 1, column: 3, detail: "this quote is never closed"))
    #expect(fault("a\rb") == CSVReader.Malformed(line: 1, column: 2, detail: "a CR without its LF"))
  }
}
