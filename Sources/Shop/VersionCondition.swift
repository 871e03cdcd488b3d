/// Which versions of a thing a change may be based on: what `If-Match` asks (RFC 9110 section 13.1.1).
package enum VersionCondition: Hashable, Sendable {
  case any
  case oneOf([Int64])

  /// Refuses with `stale` where the thing has another version.
  package func check(_ present: Int64) throws(Refusal) {
    guard case .oneOf(let versions) = self, !versions.contains(present) else { return }
    throw .stale(current: present)
  }
}
