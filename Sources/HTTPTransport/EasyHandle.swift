import CCurl

/// A libcurl easy handle: one transfer, with its options and the memory that libcurl points into.
///
/// Belongs to the loop's thread. Everything is freed with it, after it has left its multi handle.
@safe
final class EasyHandle {
    let raw: UnsafeMutableRawPointer

    /// libcurl keeps this address; it must not move.
    private let errorText: UnsafeMutablePointer<CChar>
    private var headerLines: UnsafeMutablePointer<curl_slist>?

    /// Makes a handle that does the request of `transfer`, which must outlive the time in the multi handle.
    init(for transfer: Transfer) throws(HTTPTransportError) {
        guard let raw = unsafe curl_easy_init() else { throw .outOfMemory }
        unsafe self.raw = raw
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        let context = unsafe Unmanaged.passUnretained(transfer).toOpaque()
        unsafe check(CCurl_setopt_pointer(raw, CURLOPT_ERRORBUFFER, errorText))
        unsafe check(CCurl_setopt_pointer(raw, CURLOPT_PRIVATE, context))
        unsafe check(CCurl_setopt_callback(raw, CURLOPT_HEADERFUNCTION, transferReceivesHeader))
        unsafe check(CCurl_setopt_pointer(raw, CURLOPT_HEADERDATA, context))
        unsafe check(CCurl_setopt_callback(raw, CURLOPT_WRITEFUNCTION, transferReceivesBody))
        unsafe check(CCurl_setopt_pointer(raw, CURLOPT_WRITEDATA, context))
        unsafe check(CCurl_setopt_callback(raw, CURLOPT_READFUNCTION, transferSendsBody))
        unsafe check(CCurl_setopt_pointer(raw, CURLOPT_READDATA, context))
        unsafe check(CCurl_setopt_socket_callback(raw, transferOpensSocket))
        if case .stream = transfer.request.body {
            unsafe check(CCurl_setopt_debug_callback(raw, transferSeesTraffic))
            unsafe check(CCurl_setopt_pointer(raw, CURLOPT_DEBUGDATA, context))
            set(CURLOPT_VERBOSE, 1)
        }
        try configure(transfer.request)
    }

    deinit {
        unsafe curl_easy_cleanup(raw)
        unsafe curl_slist_free_all(headerLines)
        unsafe errorText.deallocate()
    }

    // MARK: While it runs

    /// Sets both pauses at once, as libcurl wants it.
    func setPaused(receiving: Bool, sending: Bool) -> CURLcode {
        unsafe curl_easy_pause(raw, (receiving ? CURLPAUSE_RECV : 0) | (sending ? CURLPAUSE_SEND : 0))
    }

    /// The `errno` of the last failed system call; `nil` for none.
    var osErrno: Int32? {
        var value = 0
        unsafe CCurl_getinfo_long(raw, CURLINFO_OS_ERRNO, &value)
        return value == 0 ? nil : Int32(truncatingIfNeeded: value)
    }

    /// What libcurl says about the failure, or "".
    var errorMessage: String { unsafe String(cString: errorText) }

    // MARK: Options

    func set(_ option: CURLoption, _ value: Int) {
        unsafe check(CCurl_setopt_long(raw, option, value))
    }

    func set(_ option: CURLoption, offset value: Int64) {
        unsafe check(CCurl_setopt_offset(raw, option, curl_off_t(value)))
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String) -> CURLcode {
        unsafe CCurl_setopt_string(raw, option, value)
    }

    /// Copies the bytes as the request body.
    func setBody(_ bytes: [UInt8]) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, offset: Int64(bytes.count))
        unsafe bytes.withUnsafeBytes { bytes in
            // libcurl takes a null body for "use the read function": an empty one still needs an address.
            if let start = bytes.baseAddress {
                unsafe check(
                    CCurl_setopt_pointer(raw, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: start)))
            } else {
                check(set(CURLOPT_COPYPOSTFIELDS, ""))
            }
        }
    }

    /// Sets the request's header lines; libcurl keeps a pointer to the list.
    ///
    /// Called once.
    func setHeader(_ lines: [String]) throws(HTTPTransportError) {
        for line in lines {
            guard let longer = unsafe curl_slist_append(headerLines, line) else { throw .outOfMemory }
            unsafe headerLines = longer
        }
        unsafe check(CCurl_setopt_list(raw, CURLOPT_HTTPHEADER, headerLines))
    }

    /// For options whose values are ours: a refusal would mean that the library is not the one we were built for.
    func check(_ code: CURLcode) {
        precondition(code == CURLE_OK, "libcurl refused an option (\(code.rawValue))")
    }
}
