/// The regions of the countries where tax goes by region (ISO 3166-2, without the country's own letters).
///
/// A region that is misspelt would be taxed at its country's rate in silence: so where a table is here, what it does not know is refused.
enum Region {
  /// A code for what was sent, `il`, `US-IL` or `Illinois`; nil when the country has no such region. Other countries keep any text.
  static func code(_ text: String, in country: Country) -> String? {
    guard let names = tables[country.code] else { return text }
    let plain = text.uppercased().replacing("É", with: "E")
    let code = plain.hasPrefix("\(country.code)-") ? String(plain.dropFirst(3)) : plain
    if names[code] != nil { return code }
    return names.first { $0.value.uppercased() == plain }?.key
  }

  private static let tables = ["CA": provinces, "US": states]

  private static let provinces = [
    "AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NB": "New Brunswick", "NL": "Newfoundland and Labrador",
    "NS": "Nova Scotia", "NT": "Northwest Territories", "NU": "Nunavut", "ON": "Ontario", "PE": "Prince Edward Island",
    "QC": "Quebec", "SK": "Saskatchewan", "YT": "Yukon",
  ]

  /// With the district, the territories and the armed forces, to all of which post is sent.
  private static let states = [
    "AA": "Armed Forces Americas", "AE": "Armed Forces Europe", "AK": "Alaska", "AL": "Alabama", "AP": "Armed Forces Pacific",
    "AR": "Arkansas", "AS": "American Samoa", "AZ": "Arizona", "CA": "California", "CO": "Colorado", "CT": "Connecticut",
    "DC": "District of Columbia", "DE": "Delaware", "FL": "Florida", "GA": "Georgia", "GU": "Guam", "HI": "Hawaii", "IA": "Iowa",
    "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "MA": "Massachusetts", "MD": "Maryland", "ME": "Maine", "MI": "Michigan", "MN": "Minnesota", "MO": "Missouri",
    "MP": "Northern Mariana Islands", "MS": "Mississippi", "MT": "Montana", "NC": "North Carolina", "ND": "North Dakota",
    "NE": "Nebraska", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NV": "Nevada", "NY": "New York",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VA": "Virginia",
    "VI": "U.S. Virgin Islands", "VT": "Vermont", "WA": "Washington", "WI": "Wisconsin", "WV": "West Virginia", "WY": "Wyoming",
  ]
}
