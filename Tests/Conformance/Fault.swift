/// What a server, or the way to it, got wrong.
struct Fault: Error, CustomStringConvertible {
  let description: String
}
