/// What libFuzzer calls with each input: an input for which something does not hold ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  if let fault = RequestInvariants.fault(bytes) { fatalError(fault) }
  return 0
}
