/// Whether a variant is sold with its product.
package enum VariantStatus: String, CaseIterable, Sendable {
  case active
  /// No longer sold; carts and orders still name it.
  case archived
}
