/// A schema with a name, which the document has once and others refer to.
package struct Component: Sendable {
  let name: String
  /// Made when it is asked for: a category has categories in it.
  let make: @Sendable () -> Schema

  package init(_ name: String, _ make: @escaping @Sendable () -> Schema) {
    self.name = name
    self.make = make
  }
}
