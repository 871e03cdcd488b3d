import JSON
import Shop
import Testing

@testable import ShopAPI

struct FieldsTests {
  private func fields(_ text: String) throws -> Fields {
    Fields(try JSONReader.read(Array(text.utf8)))
  }

  /// Pointer and code of every fault.
  private func faults(_ fields: Fields) -> [String] {
    var fields = fields
    return fields.allFaults().map { "\($0.pointer) \($0.code.rawValue)" }
  }

  @Test func `members are read into types`() throws {
    let id = VariantID(UUIDv7(high: 1, low: 2))
    var fields = try fields(
      """
      {"variant_id":"\(id)","quantity":2,"gift":true,"note":"für dich","currency":"EUR","country":"DE","email":"a@b.example",\
      "at":"2026-01-31T12:00:00Z","total":{"amount":0,"currency":"JPY"},"handle":"mug","sku":"MUG-S","tags":["a","b"],\
      "options":{"size":"S","a/b":"c"},"nothing":null,"sort":"-price"}
      """)
    fields.require("variant_id", "quantity")
    let variant = fields.identifier("variant_id", VariantKind.self)
    let quantity = fields.integer("quantity", in: 1...1_000)
    #expect(fields.bool("gift") == true)
    #expect(fields.string("note") == "für dich")
    #expect(fields.currency("currency") == .eur)
    #expect(fields.country("country") == Country("DE"))
    #expect(fields.email("email")?.text == "a@b.example")
    #expect(fields.timestamp("at") == Timestamp(rfc3339: "2026-01-31T12:00:00Z"))
    #expect(fields.money("total") == Money(0, .jpy))
    #expect(fields.handle("handle")?.text == "mug")
    #expect(fields.sku("sku")?.text == "MUG-S")
    #expect(fields.strings("tags") == ["a", "b"])
    #expect(fields.pairs("options")?.map { "\($0.name)=\($0.value)" } == ["size=S", "a/b=c"])
    #expect(fields.string("nothing") == nil)
    #expect(fields.isNull("nothing"))
    #expect(fields.contains("nothing"))
    #expect(fields.choice("sort", ProductSort.self) == .priceDescending)
    let (readVariant, readQuantity) = try fields.finish(variant, quantity)
    #expect(readVariant == id)
    #expect(readQuantity == 2)
  }

  @Test func `every fault is told at once, each place once`() throws {
    var fields = try fields(
      #"{"quantity":0,"variant_id":"var_x","note":7,"surprise":1,"x/y":2,"email":"nobody","currency":"usd","big":12345678901234567890}"#
    )
    fields.require("quantity", "variant_id", "name", "gone")
    _ = fields.integer("quantity", in: 1...1_000)
    _ = fields.identifier("variant_id", VariantKind.self)
    _ = fields.string("note")
    _ = fields.string("name")
    _ = fields.email("email")
    _ = fields.currency("currency")
    _ = fields.integer("big")
    fields.addFault("quantity", .conflicting, "A second fault of one place.")
    #expect(
      faults(fields) == [
        "/name required", "/gone required", "/quantity out_of_range", "/variant_id unknown_reference", "/note mistyped",
        "/email malformed", "/currency not_allowed", "/big out_of_range", "/surprise unknown_member", "/x~1y unknown_member",
      ])
  }

  @Test(arguments: [#""1""#, "1.5", "1e-1", "true", "[1]", "{}"])
  func `an integer is nothing but an integer`(json: String) throws {
    var fields = try fields(#"{"n":\#(json)}"#)
    #expect(fields.integer("n") == nil)
    #expect(faults(fields) == ["/n mistyped"])
  }

  @Test func `nested objects and lists point at their place`() throws {
    var fields = try fields(
      #"{"payment":{"provider":5,"extra":0},"lines":[{"quantity":1},{"quantity":"2"},3,{}],"tags":["a",1],"options":{"size":1}}"#)
    let payment: String? = fields.object("payment") { inner in
      inner.require("provider", "token")
      _ = inner.string("token")
      return inner.string("provider")
    }
    let lines: [Int64]? = fields.objects("lines") { line in
      line.require("quantity")
      return line.integer("quantity")
    }
    #expect(payment == nil)
    #expect(lines == [1])
    #expect(fields.strings("tags") == ["a", ""])
    #expect(fields.pairs("options")?.isEmpty == true)
    #expect(
      faults(fields) == [
        "/payment/token required", "/payment/provider mistyped", "/payment/extra unknown_member", "/lines/1/quantity mistyped",
        "/lines/2 mistyped", "/lines/3/quantity required", "/tags/1 mistyped", "/options/size mistyped",
      ])
  }

  @Test func `a list or an object of the wrong kind, or too long, is one fault`() throws {
    var fields = try fields(#"{"a":{},"b":[],"c":["x","y","z"],"d":"x"}"#)
    #expect(fields.strings("a") == nil)
    #expect(fields.pairs("b") == nil)
    #expect(fields.strings("c", atMost: 2) == nil)
    #expect(fields.money("d") == nil)
    #expect(faults(fields) == ["/a mistyped", "/b mistyped", "/c too_many", "/d mistyped"])
  }

  @Test(arguments: ["[]", "1", "null", #""x""#])
  func `a body that is no object is one fault, whatever was required of it`(text: String) throws {
    var fields = try fields(text)
    fields.require("a", "b")
    #expect(fields.string("a") == nil)
    #expect(faults(fields) == [" mistyped"])
  }

  @Test func `the faults of a rule join those of the form`() throws {
    var fields = try fields(#"{"name":"A","city":"B","country":7}"#)
    let draft = Address.Draft(name: fields.string("name"), city: fields.string("city"), country: fields.string("country"))
    let address = try fields.check { () throws(Refusal) in try draft.checked() }
    #expect(address == nil)
    #expect(faults(fields) == ["/country mistyped", "/line1 required", "/postal_code required"])
  }

  @Test func `another refusal of a rule is passed on`() throws {
    var fields = try fields("{}")
    #expect(throws: Refusal.cartEmpty) { try fields.check { () throws(Refusal) -> Int in throw .cartEmpty } }
  }

  @Test func `a flood of faults is cut off`() throws {
    let members = (0..<5_000).map { #""m\#($0)":0"# }.joined(separator: ",")
    #expect(faults(try fields("{\(members)}")).count == Fields.mostFaults)
  }

  @Test func `text beyond its length is refused`() throws {
    var fields = try fields(#"{"a":"ééé","b":"éé"}"#)
    #expect(fields.string("a", longest: 2) == nil)
    #expect(fields.string("b", longest: 2) == "éé")
    #expect(faults(fields) == ["/a too_long"])
  }
}
