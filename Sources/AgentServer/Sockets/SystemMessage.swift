internal import Glibc

/// The C library's words for an errno value.
func systemMessage(_ code: CInt) -> String {
    // The text of an unknown code lies in a buffer of the thread (glibc 2.32), so no other thread can change it.
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
}
