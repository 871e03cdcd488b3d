/// Whether shoppers see a product.
package enum ProductStatus: String, CaseIterable, Sendable {
  /// Being prepared; only admins see it.
  case draft
  case active
  /// No longer sold; orders still name it.
  case archived
}
