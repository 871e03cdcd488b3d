import Shop
import Testing

@Suite struct RegionTests {
  private func region(_ text: String?, _ country: String) throws -> String? {
    try Address.Draft(
      name: "Ada Lovelace", line1: "1 Main St", city: "Springfield", region: text, postalCode: "62701", country: country
    ).checked().region
  }

  @Test(arguments: [
    ("IL", "US"), ("il", "US"), ("US-IL", "US"), ("Illinois", "US"), ("illinois", "US"),
  ])
  func `a state is known by its letters and by its name`(text: String, country: String) throws {
    #expect(try region(text, country) == "IL")
  }

  @Test(arguments: [("ON", "ON"), ("CA-ON", "ON"), ("Ontario", "ON"), ("Québec", "QC"), ("Quebec", "QC")])
  func `so is a province`(text: String, code: String) throws { #expect(try region(text, "CA") == code) }

  @Test(arguments: [("XX", "US"), ("Ontario", "US"), ("CA-ON", "US"), ("US-IL", "CA"), ("Illinoys", "US")])
  func `a region that the country lacks is refused, for it would be taxed wrongly`(text: String, country: String) {
    #expect {
      _ = try region(text, country)
    } throws: { error in
      guard case .invalid(let faults)? = error as? Refusal else { return false }
      return faults.map(\.pointer) == ["/region"] && faults.map(\.code) == [.notAllowed]
    }
  }

  @Test func `elsewhere a region is any text, and it may be left out everywhere`() throws {
    #expect(try region("Bayern", "DE") == "Bayern")
    #expect(try region(nil, "US") == nil)
    #expect(try region(nil, "DE") == nil)
  }
}
