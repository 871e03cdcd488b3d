import TestSupport
import Testing

@Suite struct TestProviderTests {
  private func authorise(_ key: String, at provider: PaymentProviderServer, _ token: String = "tok_ok") async throws {
    _ = try await provider.post(
      "/authorizations", #"{"token":"\#(token)","amount":1999,"currency":"USD"}"#, ["Idempotency-Key": key])
  }

  @Test func `the provider lists what it was asked for, oldest first, page by page`() async throws {
    let provider = try await PaymentProviderServer()
    for key in ["op_a", "op_b", "op_c"] { try await authorise(key, at: provider) }
    try await authorise("op_a", at: provider)
    let first = try await provider.get("/authorizations?limit=2")
    #expect(first.status == 200)
    #expect(first["data"] == "2 elements")
    #expect(first["data", "0", "id"] == "auth_op_a")
    #expect(first["data", "0", "status"] == "authorized")
    #expect(first["data", "0", "amount"] == "1999")
    #expect(first["data", "1", "id"] == "auth_op_b")
    let next = try #require(first["next"])
    let second = try await provider.get("/authorizations?limit=2&after=\(next)")
    #expect(second["data"] == "1 elements")
    #expect(second["data", "0", "id"] == "auth_op_c")
    #expect(second["next"] == nil)
    await provider.stop()
  }

  @Test func `what was voided is listed as voided, also when it was never authorised`() async throws {
    let provider = try await PaymentProviderServer()
    try await authorise("op_a", at: provider)
    for key in ["op_a", "op_never"] {
      _ = try await provider.post("/authorizations/\(key)/void", "{}", ["Idempotency-Key": "void-\(key)"])
    }
    let list = try await provider.get("/authorizations")
    #expect(list["data"] == "2 elements")
    #expect(list["data", "0", "status"] == "voided")
    #expect(list["data", "1", "id"] == "auth_op_never")
    #expect(list["data", "1", "status"] == "voided")
    await provider.stop()
  }

  @Test(arguments: ["limit=0", "limit=1001", "limit=x", "after=-1", "since=2026"])
  func `a list that makes no sense is refused`(query: String) async throws {
    let provider = try await PaymentProviderServer()
    #expect(try await provider.get("/authorizations?\(query)").status == 400)
    await provider.stop()
  }
}
