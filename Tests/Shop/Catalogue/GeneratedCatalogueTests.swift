import Testing

@testable import Shop

struct GeneratedCatalogueTests {
  @Test func `the same seed makes the same products, whatever the order they are asked for`() {
    let one = GeneratedCatalogue(seed: 7)
    let other = GeneratedCatalogue(seed: 7)
    #expect(one.categories == other.categories)
    #expect((0..<50).map { one.product($0) } == (0..<50).reversed().map { other.product($0) }.reversed())
    #expect(GeneratedCatalogue(seed: 8).product(0) != one.product(0))
  }

  @Test func `products look like a shop's: 1 to 12 variants, three currencies, one in twenty out of stock`() throws {
    let catalogue = GeneratedCatalogue(seed: 1)
    let products = try (0..<2_000).map { try #require(catalogue.product($0)) }
    let variants = products.flatMap(\.product.variants)
    #expect(products.allSatisfy { (1...12).contains($0.product.variants.count) })
    #expect(variants.allSatisfy { Set($0.prices.map(\.currency)) == [.usd, .eur, .gbp] })
    #expect((3...7).contains(variants.count { $0.stock == 0 } * 100 / variants.count))
    #expect(Set(variants.map(\.sku)).count == variants.count)
    #expect(Set(products.map(\.product.handle)).count == products.count)
  }

  @Test func `the standard normal variate is centred, and its octaves double the median`() {
    var random = SplitMix64(seed: 3)
    let draws = (0..<20_000).map { _ in random.logNormal(median: 10_000, octaves: 65_536) }.sorted()
    #expect((9_600...10_400).contains(draws[10_000]))
    #expect((19_000...21_000).contains(draws[16_827]))
  }
}
