import Glibc

/// A thread's buffer for reads: connections copy out what they keep, so idle ones hold none.
enum ReadBuffer {
  private static let size = 64 * 1_024

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { free($0) }
    return key
  }()

  static func withBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) -> Result) -> Result {
    if let pointer = pthread_getspecific(key) {
      return body(UnsafeMutableRawBufferPointer(start: pointer, count: size))
    }
    let pointer = malloc(size)
    pthread_setspecific(key, pointer)
    // Without memory the empty buffer reads as a closed connection.
    return body(UnsafeMutableRawBufferPointer(start: pointer, count: pointer == nil ? 0 : size))
  }
}
