import HTTP
import JSON

extension OpenAPIDocument {
  func write(_ route: Route, to json: inout JSONWriter) {
    let documentation = route.documentation
    json.object { json in
      json.key("operationId")
      json.string(documentation.id)
      json.key("tags")
      json.array([documentation.tag.rawValue]) { $0.string($1) }
      json.key("summary")
      json.string(documentation.summary)
      json.key("security")
      Self.writeSecurity(of: route.access, to: &json)
      let parameters = route.parameters
      if !parameters.isEmpty {
        json.key("parameters")
        json.array(parameters) { json, parameter in parameter.write(to: &json) }
      }
      if let body = documentation.body {
        json.key("requestBody")
        Self.writeBody(body, isRequired: !documentation.bodyIsOptional, types: RequestBody.types(of: route.method), to: &json)
      }
      json.key("responses")
      writeResponses(of: route, to: &json)
    }
  }

  private static func writeBody(_ schema: Schema, isRequired: Bool, types: [String], to json: inout JSONWriter) {
    json.object { json in
      json.key("required")
      json.bool(isRequired)
      json.key("content")
      json.object { json in
        for type in types { write(schema, as: type, to: &json) }
      }
    }
  }

  private func writeResponses(of route: Route, to json: inout JSONWriter) {
    let answers = Dictionary(grouping: route.documentation.answers, by: \.status.code).compactMapValues(\.first)
    let problems = Dictionary(grouping: route.problems, by: \.status.code)
    json.object { json in
      for status in Set(answers.keys).union(problems.keys).sorted() {
        json.key(escaping: String(status))
        if answers[status] == nil, Self.isShared(Status(status)) {
          json.object { json in
            json.key("$ref")
            json.string("#/components/responses/\(Self.name(of: status))")
          }
        } else {
          Self.write(answers[status], problems[status] ?? [], to: &json)
        }
      }
    }
  }

  // MARK: Responses

  /// Whether the problems of a status are the same everywhere. The others tell of the operation itself.
  static func isShared(_ status: Status) -> Bool { ![402, 409, 422].contains(status.code) }

  /// `404` is `NotFound`.
  static func name(of status: Int) -> String { Status(status).reason.description.replacing(" ", with: "") }

  /// A response that is an answer, or one of the problems.
  static func write(_ answer: RouteDocumentation.Answer?, _ problems: [Problem], to json: inout JSONWriter) {
    let codes = problems.reduce(into: [String]()) { codes, problem in
      if !codes.contains(problem.code) { codes.append(problem.code) }
    }
    json.object { json in
      json.key("description")
      json.string(
        answer?.note
          ?? problems.map { "\($0.title)." }.reduce(into: [String]()) { titles, title in
            if !titles.contains(title) { titles.append(title) }
          }.joined(separator: " "))
      json.key("headers")
      json.object { json in
        json.key(escaping: Header.requestID.name)
        json.object { json in
          json.key("$ref")
          json.string("#/components/headers/\(Header.requestID.name)")
        }
        for header in (answer?.headers ?? []) + headers(of: problems, isAlone: answer == nil) {
          json.key(escaping: header.name)
          header.write(to: &json)
        }
      }
      guard answer?.content != nil || !codes.isEmpty else { return }
      json.key("content")
      json.object { json in
        if let content = answer?.content { write(content.schema, as: content.type, to: &json) }
        if !codes.isEmpty {
          write(.component(.problem, with: ["code": .words(codes)]), as: Problem.contentType.description, to: &json)
        }
      }
    }
  }

  /// Fields that some of the problems have: all of them, if each has it.
  private static func headers(of problems: [Problem], isAlone: Bool) -> [Header] {
    let waits = problems.filter { $0.retryAfter != nil }.count
    let challenges = problems.filter { $0.fields[Header.challenge.name] != nil }.count
    return [(Header.retryAfter, waits), (Header.challenge, challenges)].compactMap { header, count in
      count == 0 ? nil : Header(header.name, header.schema, header.note, isAlwaysThere: isAlone && count == problems.count)
    }
  }

  private static func write(_ schema: Schema, as type: String, to json: inout JSONWriter) {
    json.key(escaping: type)
    json.object { json in
      json.key("schema")
      schema.write(to: &json)
    }
  }
}
