import HTTP
import JSON

/// Reads the content of a request as JSON.
package enum RequestBody {
  static let types = ["application/json"]
  /// RFC 7396 for changes; plain JSON means the same here.
  static let patchTypes = ["application/merge-patch+json", "application/json"]

  static func types(of method: Method) -> [String] { method == .patch ? patchTypes : types }

  /// Throws `unsupportedMediaType` before it looks at the content, `invalidJSON` for content that the strict reader refuses.
  package static func json(of request: Request) throws(RequestFault) -> JSONValue {
    guard isJSON(request.field("content-type"), among: types(of: request.method)), !isEncoded(request) else {
      throw .unsupportedMediaType(isPatch: request.method == .patch)
    }
    do {
      return try JSONReader.read(request.body)
    } catch {
      throw .invalidJSON(error)
    }
  }

  private static func isEncoded(_ request: Request) -> Bool {
    guard let coding = request.head.combinedField("content-encoding") else { return false }
    return coding.lowercased() != "identity"
  }

  /// `type/subtype`, and at most the parameter `charset=utf-8`: JSON has no other encoding (RFC 8259 section 8.1).
  private static func isJSON(_ field: String?, among types: [String]) -> Bool {
    guard let field else { return false }
    // What clients send; the rest of this costs more than reading a small body.
    if types.contains(field) { return true }
    let parts = field.split(separator: ";", omittingEmptySubsequences: false).map { trimmed($0.lowercased()) }
    guard let type = parts.first, types.contains(type) else { return false }
    return parts.dropFirst().allSatisfy { ["charset=utf-8", "charset=\"utf-8\"", ""].contains($0) }
  }

  private static func trimmed(_ text: String) -> String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
