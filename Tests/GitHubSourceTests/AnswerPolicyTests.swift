import HTTPTransport
import RunnerConfig
import Testing

@testable import GitHubSource

@Suite struct AnswerPolicyTests {
    private let policy = AnswerPolicy(
        host: "github.com", repository: "octo/demo", token: ChosenToken(secret: Secret("CANARY"), origin: "the test"))

    private func limit(_ headers: [(String, String)], status: Int = 403, body: String = "") -> RequestFailure {
        policy.failure(
            status: status, headers: HTTPHeaders(headers.map { (name: $0.0, value: $0.1) }), body: Array(body.utf8))
    }

    @Test(arguments: [
        ("784111787", 11), ("784111777", 1), ("0", 1), ("9223372036854775807", 86400), ("784115377", 3601),
    ])
    func `counts the wait for a rate limit on the server's own clock`(_ reset: String, _ seconds: Int64) {
        let failure = limit([
            ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", reset), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ])
        #expect(failure.kind == .limited)
        #expect(failure.error.code == "RATE_LIMITED")
        #expect(failure.error.retryAfter == .seconds(seconds))
        #expect(failure.error.message.contains("the test"))
    }

    @Test(arguments: [403, 429])
    func `knows a secondary limit by its header and by its words`(_ status: Int) {
        #expect(limit([("Retry-After", "90")], status: status).error.retryAfter == .seconds(90))
        let words = #"{"message": "You have exceeded a secondary rate limit."}"#
        #expect(limit([], status: status, body: words).error.retryAfter == .seconds(60))
    }

    @Test func `takes every 429 for a rate limit`() {
        #expect(limit([], status: 429, body: "<html>").error.retryAfter == .seconds(60))
    }

    @Test func `says why no token was sent`() {
        let error = AnswerPolicy(
            host: "github.com", repository: "octo/demo", token: nil, absence: "GitHub App 42 is not installed there"
        ).failure(status: 404, headers: HTTPHeaders(), body: []).error
        #expect(error.message.hasSuffix("needs a token: none was sent (GitHub App 42 is not installed there)"))
    }

    @Test func `takes no other refusal for a rate limit`() {
        let failure = limit([("X-RateLimit-Remaining", "4999")], body: #"{"message": "Resource not accessible"}"#)
        #expect(failure.kind == .final)
        #expect(failure.error.code == "FORBIDDEN")
        #expect(failure.error.message.contains("Resource not accessible"))
    }

    @Test(arguments: [400, 401, 403, 404, 409, 410, 418, 422, 429, 451, 500, 502, 503])
    func `repeats neither the token nor control characters that a server sends back`(_ status: Int) {
        let body =
            #"{"message": "no: CANARY \u001b[31m ghs_CANARY token=CANARY "# + String(repeating: "x", count: 9999)
            + "\"}"
        let error = limit([("x-github-sso", "required; url=https://github.com/\u{1B}sso")], status: status, body: body)
            .error
        #expect(!error.text.contains("CANARY") && !error.text.contains("\u{1B}"))
        #expect(error.message.utf8.count < 1000)
        #expect(error.hint?.isEmpty == false)
    }
}
