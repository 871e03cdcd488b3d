/// Where something is sent to or billed to, checked.
package struct Address: Hashable, Sendable {
  package let name: String
  package let line1: String
  package let line2: String?
  package let city: String
  /// A code where the country's tax goes by region, else as it was sent.
  package let region: String?
  package let postalCode: String
  package let country: Country
  package let phone: String?

  package init(
    name: String, line1: String, line2: String?, city: String, region: String?, postalCode: String, country: Country,
    phone: String?
  ) {
    self.name = name
    self.line1 = line1
    self.line2 = line2
    self.city = city
    self.region = region
    self.postalCode = postalCode
    self.country = country
    self.phone = phone
  }
}

extension Address {
  /// An address as it was sent: every member optional, nothing checked.
  package struct Draft: Hashable, Sendable {
    package var name: String?
    package var line1: String?
    package var line2: String?
    package var city: String?
    package var region: String?
    package var postalCode: String?
    package var country: String?
    package var phone: String?

    package init(
      name: String? = nil, line1: String? = nil, line2: String? = nil, city: String? = nil, region: String? = nil,
      postalCode: String? = nil, country: String? = nil, phone: String? = nil
    ) {
      self.name = name
      self.line1 = line1
      self.line2 = line2
      self.city = city
      self.region = region
      self.postalCode = postalCode
      self.country = country
      self.phone = phone
    }

    /// The checked address, or every fault with pointers below `pointer`.
    package func checked(at pointer: String = "") throws(Refusal) -> Address {
      var faults = Faults()
      let name = TextRule.personName.required(name, at: pointer + "/name", &faults)
      let line1 = TextRule.addressLine.required(line1, at: pointer + "/line1", &faults)
      let line2 = TextRule.addressLine.optional(line2, at: pointer + "/line2", &faults)
      let city = TextRule.city.required(city, at: pointer + "/city", &faults)
      var region = TextRule.region.optional(region, at: pointer + "/region", &faults)
      let postalCode = TextRule.postalCode.required(postalCode, at: pointer + "/postal_code", &faults)
      let phone = TextRule.phone.optional(phone, at: pointer + "/phone", &faults)
      var known: Country?
      if let country {
        known = Country(country)
        if known == nil {
          faults.add(pointer + "/country", .notAllowed, "Not a country code of ISO 3166-1 (two capital letters).")
        }
      } else {
        faults.add(pointer + "/country", .required, "A country is needed.")
      }
      if let sent = region, let known {
        region = Region.code(sent, in: known)
        if region == nil {
          faults.add(
            pointer + "/region", .notAllowed, "No state or province of \(known.code): say its name, or its letters, such as ON.")
        }
      }
      guard faults.isEmpty, let name, let line1, let city, let postalCode, let known else { throw .invalid(faults.all) }
      return Address(
        name: name, line1: line1, line2: line2, city: city, region: region, postalCode: postalCode, country: known,
        phone: phone)
    }
  }
}
