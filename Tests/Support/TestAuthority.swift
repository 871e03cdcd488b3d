import Foundation

/// A certificate authority of a test's own, made by openssl; its files go with it.
package final class TestAuthority: Sendable {
  package struct Certificate: Sendable {
    package let file: String
    package let keyFile: String
  }

  package static let openssl = "/usr/bin/openssl"
  private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

  /// The authority's own certificate: by it others verify.
  package let file: String
  private let folder: URL

  package init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "shop-authority-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    file = folder.path + "/authority.pem"
    try ChildProcess.run(
      Self.openssl,
      ["req", "-x509", "-days", "1", "-subj", "/CN=An authority of tests", "-out", file]
        + ["-keyout", folder.path + "/authority.key"] + Self.newKey)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A server's certificate for these names: `DNS:localhost`, `IP:127.0.0.1`.
  package func certificate(for names: String...) throws -> Certificate {
    let path = folder.path + "/\(UUID().uuidString.prefix(8))"
    try Data("subjectAltName=\(names.joined(separator: ","))\n".utf8).write(to: URL(fileURLWithPath: path + ".names"))
    try ChildProcess.run(
      Self.openssl, ["req", "-new", "-subj", "/CN=server", "-keyout", path + ".key", "-out", path + ".request"] + Self.newKey)
    try ChildProcess.run(
      Self.openssl,
      [
        "x509", "-req", "-in", path + ".request", "-CA", file, "-CAkey", folder.path + "/authority.key", "-CAcreateserial",
        "-days", "1", "-extfile", path + ".names", "-out", path + ".pem",
      ])
    return Certificate(file: path + ".pem", keyFile: path + ".key")
  }
}
