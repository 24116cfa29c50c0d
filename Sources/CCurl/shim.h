// Swift cannot call C variadic functions, and libcurl's option calls (and `prctl`) are variadic:
// one typed function for each kind of argument.
#ifndef CCURL_SHIM_H
#define CCURL_SHIM_H

// The wrappers below pass options that are not constants, which libcurl's checking macros cannot see through.
#ifndef CURL_DISABLE_TYPECHECK
#define CURL_DISABLE_TYPECHECK
#endif
#include <curl/curl.h>
#include <sys/prctl.h>

static inline CURLcode CCurl_setopt_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode CCurl_setopt_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode CCurl_setopt_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode CCurl_setopt_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode CCurl_setopt_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

/// The write, header and read callbacks of libcurl share one type.
static inline CURLcode CCurl_setopt_callback(CURL *easy, CURLoption option, curl_write_callback value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode CCurl_setopt_debug_callback(CURL *easy, curl_debug_callback value) {
    return curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, value);
}

static inline CURLcode CCurl_setopt_socket_callback(CURL *easy, curl_opensocket_callback value) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, value);
}

static inline CURLcode CCurl_getinfo_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode CCurl_getinfo_pointer(CURL *easy, CURLINFO info, void **value) {
    return curl_easy_getinfo(easy, info, value);
}

/// Names the calling thread for debuggers and `ps -T`; Linux keeps 15 bytes.
static inline void CCurl_name_thread(const char *name) {
    prctl(PR_SET_NAME, name);
}

/// The result of a finished transfer: a member of a union.
static inline CURLcode CCurl_message_result(const CURLMsg *message) {
    return message->data.result;
}

#endif
