import Testing

@testable import HTTP

@Suite struct EntityTagTests {
  typealias Condition = EntityTag.Condition

  @Test(arguments: [
    ("*", Condition.any), ("\"a\"", .oneOf([EntityTag("a")])), ("W/\"a\"", .oneOf([EntityTag(weak: true, "a")])),
    ("\"\"", .oneOf([EntityTag("")])),
    ("\"a\", \"b\",W/\"c\"", .oneOf([EntityTag("a"), EntityTag("b"), EntityTag(weak: true, "c")])),
    (", \"a\" ,,", .oneOf([EntityTag("a")])), ("\"a,b\"", .oneOf([EntityTag("a,b")])), ("\"é\"", .oneOf([EntityTag("é")])),
  ])
  func `lists of tags are read (RFC 9110, 13_1_1)`(_ field: String, _ expected: Condition) {
    #expect(Condition(field) == expected)
  }

  @Test(arguments: [
    "", " ", ",", "a", "\"a", "a\"", "w/\"a\"", "W/a", "W/", "\"a\" \"b\"", "\"a\"\"b\"", "*, \"a\"", "\"a b\"", "\"a\tb\"",
  ])
  func `what is no list is refused`(_ field: String) { #expect(Condition(field) == nil) }

  /// The table of RFC 9110, section 8.8.3.2.
  @Test(arguments: [
    ("W/\"1\"", EntityTag(weak: true, "1"), false, true), ("W/\"1\"", EntityTag(weak: true, "2"), false, false),
    ("W/\"1\"", EntityTag("1"), false, true), ("\"1\"", EntityTag("1"), true, true),
    ("\"1\"", EntityTag(weak: true, "1"), false, true),
    ("*", EntityTag("1"), true, true),
  ])
  func `tags compare strongly and weakly`(_ field: String, _ tag: EntityTag, _ strongly: Bool, _ weakly: Bool) {
    #expect(Condition(field)?.matchesStrongly(tag) == strongly)
    #expect(Condition(field)?.matchesWeakly(tag) == weakly)
  }

  @Test func `a tag is written with its quotes`() {
    #expect(EntityTag("a").description == "\"a\"")
    #expect(EntityTag(weak: true, "a").description == "W/\"a\"")
  }
}
