import CCurl
import Glibc

// What libcurl calls on the loop's thread. The context is the transfer, which the driver retains while these can run.
// They only enter the transfer's locked state: they never block, throw, or call into the same easy handle.

/// Takes a piece of the response body (CURLOPT_WRITEFUNCTION).
@c
func transferReceivesBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = unsafe transfer(context) else { return 0 }
    let body = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    switch unsafe transfer.receive(body: body) {
    case .taken: return size * count
    case .paused: return Int(CURL_WRITEFUNC_PAUSE)
    // Any other count than the offered one ends the transfer; for nothing offered there is no such count below it.
    case .refused: return size * count + 1
    }
}

/// Takes one header line (CURLOPT_HEADERFUNCTION).
@c
func transferReceivesHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = unsafe transfer(context) else { return 0 }
    let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    return unsafe transfer.receive(headerLine: line) ? size * count : size * count + 1
}

/// Gives bytes of a streamed request body (CURLOPT_READFUNCTION).
@c
func transferSendsBody(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = unsafe transfer(context) else { return Int(CURL_READFUNC_ABORT) }
    let space = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: size * count)
    switch unsafe transfer.readBody(into: space) {
    case .bytes(let count): return count
    case .pause: return Int(CURL_READFUNC_PAUSE)
    case .end: return 0
    case .abort: return Int(CURL_READFUNC_ABORT)
    }
}

/// Sees the body before libcurl decodes it (CURLOPT_DEBUGFUNCTION), for uploads alone.
@c
func transferSeesTraffic(
    _ easy: UnsafeMutableRawPointer?, _ kind: curl_infotype, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard kind == CURLINFO_DATA_IN, let transfer = unsafe transfer(context) else { return 0 }
    unsafe transfer.see(rawBody: UnsafeRawBufferPointer(start: bytes, count: count))
    return 0
}

/// Opens a socket that child processes do not inherit (CURLOPT_OPENSOCKETFUNCTION).
///
/// A child that held a copy would keep a cancelled connection open.
@c
func transferOpensSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let address = unsafe address?.pointee else { return CURL_SOCKET_BAD }
    return socket(address.family, address.socktype | Int32(SOCK_CLOEXEC.rawValue), address.`protocol`)
}

private func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    guard let context = unsafe context else { return nil }
    return unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
}
