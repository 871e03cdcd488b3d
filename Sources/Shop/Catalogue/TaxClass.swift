/// Which of a country's rates a variant is taxed at.
package enum TaxClass: String, CaseIterable, Sendable {
  case standard
  case reduced
  case zero
}
