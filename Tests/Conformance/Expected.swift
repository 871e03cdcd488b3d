/// What a client hears in answer to some bytes.
package struct Expected: Sendable {
  package struct Answer: Sendable {
    package let status: Int
    /// The request as the server understood it, `METHOD TARGET CONTENT`; nil where there was none.
    package let request: String?
    /// Fields with their values; nil where they must be absent.
    package let fields: [(name: String, value: String?)]
    /// The method was HEAD: there is no content, whatever the fields say.
    package let isHead: Bool

    package var isInterim: Bool { status < 200 }
    package var isRefusal: Bool { request == nil && !isInterim }
  }

  /// In their order.
  package let answers: [Answer]
  /// Behind the last answer the server ends the connection.
  package let closes: Bool
  /// A request has begun that never ends.
  package let isWithin: Bool

  private init(_ answers: [Answer], closes: Bool, isWithin: Bool = false) {
    self.answers = answers
    self.closes = closes
    self.isWithin = isWithin
  }

  /// These requests are understood and answered with 200, one after the other, and the connection goes on.
  package static func sees(_ requests: String..., fields: KeyValuePairs<String, String?> = [:]) -> Expected {
    Expected(requests.map { .request($0, 200, fields) }, closes: false)
  }

  /// One request is understood, and answered otherwise than with 200.
  package static func answers(_ status: Int, _ request: String, fields: KeyValuePairs<String, String?> = [:]) -> Expected {
    Expected([.request(request, status, fields)], closes: false)
  }

  /// There is no acceptable request: the connection ends with this status.
  package static func refuses(_ status: Int) -> Expected { Expected([.refusal(status)], closes: true) }

  /// As `refuses`, of what is known to be a HEAD request.
  package static func refusesHead(_ status: Int) -> Expected { Expected([.refusal(status, isHead: true)], closes: true) }

  /// The client is told to go on.
  package static let continues = Expected([.interim], closes: false)

  /// Nothing can be said yet.
  package static let silence = Expected([], closes: false)

  /// The client is gone within a request: the connection ends without a further word.
  package static let endsWithin = Expected([], closes: true, isWithin: true)
  package var thenEndsWithin: Expected { Expected(answers, closes: true, isWithin: true) }

  package func then(_ next: Expected) -> Expected { Expected(answers + next.answers, closes: next.closes) }
  package func thenSees(_ requests: String...) -> Expected { then(Expected(requests.map { .request($0) }, closes: false)) }
  package func thenRefuses(_ status: Int) -> Expected { then(.refuses(status)) }
  package var thenCloses: Expected { Expected(answers, closes: true) }
}

extension Expected.Answer {
  static let interim = Self(status: 100, request: nil, fields: [("content-length", nil), ("connection", nil)], isHead: false)

  static func request(_ text: String, _ status: Int = 200, _ fields: KeyValuePairs<String, String?> = [:]) -> Self {
    Self(status: status, request: text, fields: fields.map { ($0, $1) }, isHead: text.hasPrefix("HEAD "))
  }

  static func refusal(_ status: Int, isHead: Bool = false) -> Self {
    Self(status: status, request: nil, fields: [("content-type", "application/problem+json")], isHead: isHead)
  }
}
