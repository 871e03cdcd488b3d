import Testing

/// The built program as its callers see it: what it says and how it ends.
@Suite struct ExitStatusTests {
  @Test(.enabled(if: ShopRun.isPossible, "the shop executable is not beside the tests"), arguments: ["serve", "check-config"])
  func `faults of the settings end with 78, all of them told`(command: String) throws {
    let ended = try ShopRun([command], ["SHOP_PORT": "http", "SHOP_ENV": "moon"])
    #expect(ended.status == 78)
    for name in ["SHOP_PORT", "SHOP_ENV", "SHOP_DATABASE_URL", "SHOP_SECRET_KEY"] {
      #expect(ended.complaints.contains("shop: \(name): "))
    }
  }

  @Test(.enabled(if: ShopRun.isPossible, "the shop executable is not beside the tests"))
  func `check-config prints the settings without their secrets`() throws {
    let ended = try ShopRun(
      ["check-config"],
      ["SHOP_DATABASE_URL": "postgres://shop:hunter2@db/shop", "SHOP_SECRET_KEY": String(repeating: "k", count: 40)])
    #expect(ended.status == 0)
    #expect(ended.output.contains("postgres://shop:***@db/shop"))
    #expect(!ended.output.contains("hunter2"))
    #expect(!ended.output.contains("kkkk"))
  }

  @Test(.enabled(if: ShopRun.isPossible, "the shop executable is not beside the tests"))
  func `health fails where nothing listens`() throws {
    // Port 1 (tcpmux) is nobody's.
    let ended = try ShopRun(["health"], ["SHOP_PORT": "1"])
    #expect(ended.status == 1)
    #expect(ended.complaints.hasPrefix("shop: not healthy: "))
  }
}
