import HTTPTransport
import Testing

@testable import GitHubSource

/// What becomes of a transfer that broke.
@Suite struct TransportFailureTests {
    private static let cases: [(HTTPTransportError.Code, RequestFailure.Kind, String, String)] = [
        (.couldNotResolve, .transient, "NETWORK", "name servers"),
        (.couldNotConnect, .transient, "NETWORK", "firewall"),
        (.truncated, .transient, "NETWORK", "broke"), (.connectionLost, .transient, "NETWORK", "broke"),
        (.timeout, .transient, "TIMEOUT", "slow"), (.lowSpeed, .transient, "TIMEOUT", "slow"),
        (.tls, .final, "TLS", "caFile"), (.bodyTooLarge, .final, "NETWORK", "smaller"),
        (.schemeNotAllowed, .final, "NETWORK", ""), (.internal, .final, "NETWORK", ""),
    ]

    @Test(arguments: cases)
    func `has a code, a next step and a decision about another try`(
        _ code: HTTPTransportError.Code, _ kind: RequestFailure.Kind, _ name: String, _ step: String
    ) {
        let error = HTTPTransportError(code: code, message: "something of github.com")
        let failure = RequestFailure(error, doing: "Asking github.com", proxy: nil)
        #expect(failure.kind == kind)
        #expect(failure.error.code == name)
        #expect(failure.error.message == "Asking github.com failed: something of github.com")
        #expect(failure.error.hint?.contains(step) ?? step.isEmpty)
        #expect(failure.error.retryable == (kind == .transient))
    }

    @Test func `names the proxy in its hint`() {
        let failure = RequestFailure(
            HTTPTransportError(code: .timeout, message: "timed out"), doing: "Asking", proxy: "The proxy is P.")
        #expect(failure.error.hint?.hasSuffix("Try again. The proxy is P.") == true)
    }
}

@Suite struct ProxyNoteTests {
    @Test(arguments: [
        (["https_proxy": "http://proxy:3128"], "https://h", "the proxy proxy:3128 (https_proxy)."),
        (["HTTPS_PROXY": "proxy:3128/"], "https://h", "the proxy proxy:3128 (HTTPS_PROXY)."),
        (["ALL_PROXY": "socks5://u:CANARY@proxy"], "https://h", "the proxy proxy (ALL_PROXY)."),
        (["https_proxy": "http://u:CANARY@e@proxy:1", "no_proxy": "x"], "https://h", "unless no_proxy"),
        (["http_proxy": "proxy"], "http://h", "(http_proxy)"),
    ])
    func `says which proxy is on the way, without its password`(
        _ environment: [String: String], _ address: String, _ expected: String
    ) throws {
        let note = ProxyNote(environment: environment)
        let address = try #require(WebAddress(address))
        let sentence = try #require(note.sentence(for: address))
        #expect(sentence.contains(expected), "\(sentence)")
        #expect(!sentence.contains("CANARY"))
    }

    @Test(arguments: [[:], ["https_proxy": ""], ["http_proxy": "proxy"]])
    func `says nothing where there is none`(_ environment: [String: String]) throws {
        let address = try #require(WebAddress("https://h"))
        #expect(ProxyNote(environment: environment).sentence(for: address) == nil)
    }

    @Test func `leaves out what libcurl leaves out`() throws {
        // A web server's clients can set HTTP_PROXY.
        let address = try #require(WebAddress("http://h"))
        #expect(ProxyNote(environment: ["HTTP_PROXY": "proxy"]).sentence(for: address) == nil)
    }
}
