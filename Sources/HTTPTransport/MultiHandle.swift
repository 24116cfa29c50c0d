import CCurl

/// A libcurl multi handle: a set of transfers with one connection cache.
///
/// Only the loop's thread uses it, except for `wakeUp()`, which libcurl allows from any thread while the handle lives;
/// the callers make sure of that with the loop's lock and by holding a reference. That makes it `Sendable`.
@safe
final class MultiHandle: @unchecked Sendable {
    private let raw: UnsafeMutableRawPointer

    /// Fails when libcurl cannot be set up in this process or is out of memory.
    init?() {
        guard Self.libraryIsReady, let raw = unsafe curl_multi_init() else { return nil }
        unsafe self.raw = raw
    }

    deinit {
        _ = unsafe curl_multi_cleanup(raw)
    }

    func wakeUp() {
        _ = unsafe curl_multi_wakeup(raw)
    }

    func add(_ easy: EasyHandle) -> Bool {
        unsafe curl_multi_add_handle(raw, easy.raw) == CURLM_OK
    }

    /// Takes a transfer out; one that has not ended loses its connection.
    func remove(_ easy: EasyHandle) {
        _ = unsafe curl_multi_remove_handle(raw, easy.raw)
    }

    /// Does what can be done now; callbacks run in here.
    func perform() {
        var running: Int32 = 0
        _ = unsafe curl_multi_perform(raw, &running)
    }

    /// Sleeps until a socket, a timer of libcurl, `wakeUp()` or the timeout.
    func poll(timeoutMilliseconds: Int32) {
        _ = unsafe curl_multi_poll(raw, nil, 0, timeoutMilliseconds, nil)
    }

    /// The next transfer that libcurl has ended, as the pointer given to the easy handle, and its result.
    func nextEnded() -> (context: UnsafeMutableRawPointer, result: CURLcode)? {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(raw, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
            var context: UnsafeMutableRawPointer?
            unsafe CCurl_getinfo_pointer(message.pointee.easy_handle, CURLINFO_PRIVATE, &context)
            if let context = unsafe context { return unsafe (context, CCurl_message_result(message)) }
        }
        return nil
    }

    /// Once per process, before any other call; thread-safe since 7.84.
    private static let libraryIsReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}
