import Foundation

extension TestServer.Reply {
  /// The body as a value; a body that is none fails the test with the body in its message.
  package func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(body))
    } catch {
      throw TestFault("\(status) is no \(type): \(error) in \(text.prefix(1_000))")
    }
  }

  /// The body without what differs between two answers of the same kind: the request's id and its path.
  package var textWithoutRequest: String {
    guard var object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else { return text }
    object["request_id"] = nil
    object["instance"] = nil
    let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
    return data.map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  /// The code of each fault, by its pointer.
  package var faults: [String: String] {
    struct Problem: Decodable {
      struct Entry: Decodable {
        let pointer: String
        let code: String
      }
      let errors: [Entry]
    }
    let entries = (try? decoded(Problem.self))?.errors ?? []
    return Dictionary(entries.map { ($0.pointer, $0.code) }) { first, _ in first }
  }
}
