// Cases of the rules in swift.yaml: semgrep --test holds each rule to the lines that are marked. Nothing of this is compiled.

func statements(table: String, id: String) {
  // ruleid: sql-is-constant
  let byTable = Statement("by_table", "SELECT * FROM \(table)")
  // ruleid: sql-is-constant
  let once = Statement.once("once", "SELECT \(id)")
  // ok: sql-is-constant
  let byID = Statement("by_id", "SELECT * FROM sales.cart WHERE id = $1")
  // ok: sql-is-constant
  let name = Statement("of_\(table)", "SELECT 1")
}

enum Statements {
  // ok: sql-is-constant
  static let open = Statement("open", "SELECT id FROM sales.cart WHERE \(isOpen)")

  private static func changing(_ name: String, _ assignment: String) -> Statement {
    // ok: sql-is-constant
    Statement(name, "UPDATE sales.cart SET \(assignment) WHERE id = $1")
  }
}

func traps(value: Any) throws {
  // ruleid: no-trap-on-what-comes-from-outside
  fatalError("cannot be")
  // ruleid: no-trap-on-what-comes-from-outside
  let read = try! parse()
  // ruleid: no-trap-on-what-comes-from-outside
  let text = value as! String
  // ok: no-trap-on-what-comes-from-outside
  let maybe = value as? String
  // ok: no-trap-on-what-comes-from-outside
  let known = try parse()
}

func comparisons(given: Credentials, originSecret: String, adminKey: String, status: Int) {
  // ruleid: secrets-are-compared-in-constant-time
  if originSecret == given.secret { return }
  // ruleid: secrets-are-compared-in-constant-time
  guard adminKey != given.key else { return }
  // ok: secrets-are-compared-in-constant-time
  if constantTimeEqual(originSecret, given.secret) { return }
  // ok: secrets-are-compared-in-constant-time
  if status == 200 { return }
}

func lines(logger: Logger, cart: Cart, token: String) {
  // ruleid: logs-hold-no-secret
  logger.info("opened with \(token)")
  // ruleid: logs-hold-no-secret
  logger.warning("no answer for \(cart.email)", metadata: [:])
  // ok: logs-hold-no-secret
  logger.info("cart \(cart.id) was opened")
  // ok: logs-hold-no-secret
  logger.error("the token was refused")
}

func programs(command: String) {
  // ruleid: the-program-runs-no-other
  system(command)
  // ruleid: the-program-runs-no-other
  let pipe = popen(command, "r")
  // ok: the-program-runs-no-other
  let host = operatingSystem(command)
}

func chances() {
  // ruleid: randomness-is-the-systems
  let guessed = rand()
  // ok: randomness-is-the-systems
  let bytes = SecureRandom.bytes(32)
}
