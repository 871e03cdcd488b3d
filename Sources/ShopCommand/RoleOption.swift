import ArgumentParser
import ShopService

extension Role: ExpressibleByArgument {}

/// `--role`, as the commands that take it explain it.
enum RoleOption {
  static let help: ArgumentHelp = "The part of the shop: all, product or order; by default SHOP_ROLE, or else all."
}
