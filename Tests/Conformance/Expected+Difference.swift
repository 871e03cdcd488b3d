extension Expected.Answer {
  /// In what `answer` is not this one, or not what every answer is; nil where it is right.
  /// `isLast` is nil where the server cannot know.
  func difference(from answer: ReceivedAnswer, isLast: Bool?) -> String? {
    guard answer.status == status else { return "\(answer.status) instead of \(status)" }
    for (name, value) in fields where answer[name] != value {
      return "\(name) is \(answer[name] ?? "not there") instead of \(value ?? "not there")"
    }
    return isInterim ? nil : differenceOfFinal(answer, isLast: isLast)
  }

  private func differenceOfFinal(_ answer: ReceivedAnswer, isLast: Bool?) -> String? {
    // RFC 9110, 6.6.1; RFC 9112, 9.6 and 6.3.
    guard answer.values("date").count == 1 else { return "there is not one Date" }
    if let isLast, answer.values("connection").contains("close") != isLast {
      return isLast ? "Connection does not say close" : "Connection says close"
    }
    let framings = answer.values("content-length").count + answer.values("transfer-encoding").count
    guard framings == (status == 204 || answer.endsByClose || (isHead && framings == 0) ? 0 : 1) else {
      return "\(framings) fields frame its content"
    }
    return request.flatMap { differenceOfRequest($0, answer) }
  }

  /// `METHOD TARGET CONTENT`, as the server under test tells it.
  private func differenceOfRequest(_ request: String, _ answer: ReceivedAnswer) -> String? {
    let parts = request.split(separator: " ", maxSplits: 2).map { Array($0.utf8) }
    guard answer["method"].map({ Array($0.utf8) }) == parts[0] else { return "the method was \(answer["method"] ?? "none")" }
    guard answer["target"].map({ Array($0.utf8) }) == parts[1] else { return "the target was \(answer["target"] ?? "none")" }
    guard status == 200 else { return nil }
    let content = parts.count == 3 ? parts[2] : parts[1]
    if isHead {
      let length = answer["content-length"]
      return length == nil || length == "\(content.count)" ? nil : "the length of HEAD is \(length ?? "")"
    }
    return answer.content == content
      ? nil : "the content was \(String(decoding: answer.content.prefix(200), as: UTF8.self).debugDescription)"
  }
}
