/// What a generated shop sells in one department.
struct GeneratedDepartment: Sendable {
  let title: String
  /// Before its SKUs.
  let code: String
  let taxClass: TaxClass
  let styles: [GeneratedStyle]
}

/// One kind of goods.
struct GeneratedStyle: Sendable {
  let title: String
  let nouns: [String]
  let materials: [String]
  let sizes: [String]
  /// The median, in cents.
  let price: Int64
  /// The median of one piece.
  let grams: Int64
  let promise: String
}

extension GeneratedDepartment {
  private static let clothes = ["XS", "S", "M", "L", "XL", "XXL"]
  private static let shoes = ["37", "38", "39", "40", "41", "42", "43", "44"]

  private static func style(
    _ title: String, _ nouns: [String], _ materials: [String], sizes: [String] = [], _ price: Int64, _ grams: Int64,
    _ promise: String
  ) -> GeneratedStyle {
    GeneratedStyle(
      title: title, nouns: nouns, materials: materials, sizes: sizes, price: price, grams: grams, promise: promise)
  }

  static let all: [GeneratedDepartment] = [
    GeneratedDepartment(
      title: "Apparel", code: "APP", taxClass: .standard,
      styles: [
        style(
          "Shirts", ["Shirt", "Blouse", "Tee", "Polo"], ["linen", "cotton", "flannel"], sizes: clothes, 3_900, 220,
          "soft from the first day."),
        style(
          "Jackets", ["Jacket", "Parka", "Blazer"], ["wool", "denim", "leather"], sizes: clothes, 12_900, 900,
          "keeps wind and rain outside."),
        style(
          "Trousers", ["Trousers", "Chinos", "Jeans"], ["cotton", "denim", "corduroy"], sizes: clothes, 6_900, 500,
          "sits well all day long."),
        style(
          "Knitwear", ["Sweater", "Cardigan", "Pullover"], ["merino", "cashmere", "wool"], sizes: clothes, 8_900, 400,
          "warm without weight."),
        style(
          "Socks", ["Socks", "Stockings"], ["cotton", "merino"], sizes: ["35-38", "39-42", "43-46"], 1_200, 60,
          "stays where it should."),
      ]),
    GeneratedDepartment(
      title: "Footwear", code: "FOO", taxClass: .standard,
      styles: [
        style(
          "Boots", ["Boots", "Hiking Boots"], ["leather", "suede"], sizes: shoes, 14_900, 1_400, "for paths that are none."),
        style(
          "Sneakers", ["Sneakers", "Running Shoes"], ["canvas", "mesh", "leather"], sizes: shoes, 8_900, 700,
          "light at every step."),
        style("Sandals", ["Sandals", "Slides"], ["leather", "cork"], sizes: shoes, 4_900, 450, "for summer and nothing else."),
      ]),
    GeneratedDepartment(
      title: "Home", code: "HOM", taxClass: .standard,
      styles: [
        style(
          "Lighting", ["Lamp", "Lantern", "Pendant Light"], ["brass", "paper", "glass"], 7_900, 1_800,
          "a warm light for long evenings."),
        style(
          "Textiles", ["Cushion", "Blanket", "Curtain"], ["linen", "wool", "velvet"], sizes: ["small", "medium", "large"], 4_500,
          800, "makes a room quieter."),
        style(
          "Kitchen", ["Mug", "Bowl", "Plate", "Pan"], ["stoneware", "porcelain", "steel"], 2_400, 600,
          "used daily, washed easily."),
        style(
          "Furniture", ["Chair", "Stool", "Shelf", "Side Table"], ["oak", "walnut", "steel"], 19_900, 9_000,
          "built to be handed on."),
        style(
          "Bedding", ["Duvet Cover", "Pillowcase", "Sheet"], ["cotton", "linen"], sizes: ["single", "double", "king"], 6_500,
          1_100, "crisp at night, soft by morning."),
      ]),
    GeneratedDepartment(
      title: "Electronics", code: "ELE", taxClass: .standard,
      styles: [
        style("Audio", ["Headphones", "Speaker", "Earbuds"], ["aluminium", "plastic"], 11_900, 500, "every note in its place."),
        style("Cameras", ["Camera", "Lens", "Tripod"], ["magnesium", "carbon"], sizes: [], 44_900, 1_200, "sees what you saw."),
        style("Computing", ["Keyboard", "Mouse", "Monitor Stand"], ["aluminium", "walnut"], 8_900, 900, "for hands that work."),
      ]),
    GeneratedDepartment(
      title: "Outdoors", code: "OUT", taxClass: .standard,
      styles: [
        style("Camping", ["Tent", "Sleeping Bag", "Stove"], ["nylon", "steel"], 13_900, 2_200, "packs small, stands firm."),
        style(
          "Cycling", ["Helmet", "Pannier", "Bike Light"], ["carbon", "canvas"], sizes: ["S", "M", "L"], 6_900, 600,
          "made for daily miles."),
        style("Fishing", ["Rod", "Reel", "Tackle Box"], ["carbon", "aluminium"], 7_900, 900, "patient as you are."),
      ]),
    GeneratedDepartment(
      title: "Groceries", code: "GRO", taxClass: .reduced,
      styles: [
        style(
          "Coffee", ["Coffee", "Espresso"], ["arabica", "robusta"], sizes: ["250 g", "500 g", "1 kg"], 1_200, 500,
          "roasted in small batches."),
        style("Tea", ["Tea", "Infusion"], ["green", "black", "herbal"], sizes: ["50 g", "100 g"], 900, 100, "picked by hand."),
        style("Pantry", ["Olive Oil", "Honey", "Pasta"], ["organic", "wild"], 1_400, 700, "good things kept simple."),
      ]),
    GeneratedDepartment(
      title: "Beauty", code: "BEA", taxClass: .standard,
      styles: [
        style(
          "Skincare", ["Cream", "Serum", "Cleanser"], ["aloe", "oat", "rose"], sizes: ["30 ml", "50 ml", "100 ml"], 2_900, 150,
          "kind to every skin."),
        style(
          "Fragrance", ["Perfume", "Cologne"], ["cedar", "citrus", "amber"], sizes: ["30 ml", "100 ml"], 7_900, 250,
          "stays for an evening."),
        style("Bath", ["Soap", "Bath Salt"], ["lavender", "charcoal"], 900, 200, "for half an hour alone."),
      ]),
    GeneratedDepartment(
      title: "Books", code: "BOO", taxClass: .zero,
      styles: [
        style("Fiction", ["Novel", "Short Stories"], ["hardcover", "paperback"], 1_600, 400, "hard to put down."),
        style("Cooking", ["Cookbook"], ["hardcover"], 2_900, 1_100, "recipes that work."),
        style("Children", ["Picture Book", "Activity Book"], ["board", "paperback"], 1_200, 350, "read it again."),
      ]),
  ]
}

extension GeneratedCatalogue {
  static let adjectives = [
    "Rustic", "Modern", "Classic", "Gentle", "Bold", "Quiet", "Sunlit", "Coastal", "Alpine", "Urban", "Vintage", "Nordic",
    "Everyday", "Golden", "Midnight", "Weekend", "Heritage", "Velvety", "Sturdy", "Airy",
  ]
  static let colors = ["black", "white", "grey", "navy", "red", "green", "olive", "mustard", "rose", "sky", "sand", "burgundy"]
  static let brands = [
    "Norden", "Halewood", "Marisol", "Kestrel & Co", "Fjell", "Oakhurst", "Lumen", "Tallow", "Brightwater", "Sorrel", "Ambler",
    "Castellane", "Driftwood", "Ninefold", "Quill",
  ]
  static let seasons = ["spring", "summer", "autumn", "winter", "all"]
  static let details = [
    "Each piece is checked by hand.", "Comes in a box made of recycled paper.", "A favourite since its first season.",
    "Designed with people who use it daily.", "Every part can be replaced.", "The details reward a second look.",
  ]
  static let closings = [
    "A gift that is used.", "Two years of warranty.", "Repairs are free in the first year.", "Looks better with age.",
    "Easy to care for.", "Made to last.",
  ]
}
