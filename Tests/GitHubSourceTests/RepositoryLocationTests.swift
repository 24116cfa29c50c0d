import Testing

@testable import GitHubSource

@Suite struct RepositoryLocationTests {
    private static let hosts: Set = ["github.com", "ghe.example.com:8443"]
    private static let commit = "0123abc0123abc0123abc0123abc0123abc01234"

    @Test(arguments: [
        ("url:https://github.com/octo/demo", "octo/demo@"),
        ("url:https://github.com/octo/demo/", "octo/demo@"),
        ("https://github.com/octo/demo", "octo/demo@"),
        (" url: https://github.com/octo/demo \n", "octo/demo@"),
        ("url:https://github.com/octo/demo.git", "octo/demo@"),
        ("url:https://github.com/octo/demo.git/", "octo/demo@"),
        ("url:https://GitHub.com:443/octo/demo", "octo/demo@"),
        ("url:http://github.com/octo/demo", "octo/demo@"),
        ("url:https://github.com//octo//demo", "octo/demo@"),
        ("url:https://github.com/octo/demo?ref=dev", "octo/demo@"),
        ("url:https://github.com/octo/demo/tree/main/?plain=1#readme", "octo/demo@main:"),
        ("url:https://github.com/octo/.github", "octo/.github@"),
        ("url:https://github.com/octo_acme/demo", "octo_acme/demo@"),
        ("url:https://github.com/octo/demo/tree/main", "octo/demo@main:"),
        ("url:https://github.com/octo/demo/tree/main/", "octo/demo@main:"),
        ("url:https://github.com/octo/demo/tree/main/sub/dir", "octo/demo@main:sub/dir"),
        ("url:https://github.com/octo/demo/tree/main/sub%20dir/", "octo/demo@main:sub dir"),
        ("url:https://github.com/octo/demo/tree/main/sub dir/é", "octo/demo@main:sub dir/é"),
        ("url:https://github.com/octo/demo/tree/main//sub//", "octo/demo@main:sub"),
        ("url:https://github.com/octo/demo/blob/main/", "octo/demo@main:"),
        ("url:https://github.com/octo/demo/blob/main/catalog-info.yaml", "octo/demo@main:"),
        ("url:https://github.com/octo/demo/blob/main/sub/catalog-info.yaml", "octo/demo@main:sub"),
        ("url:https://github.com/octo/demo/raw/main/sub/catalog-info.yaml", "octo/demo@main:sub"),
        ("url:https://github.com/octo/demo/edit/main/sub/catalog-info.yaml", "octo/demo@main:sub"),
        ("url:https://github.com/octo/demo/tree/feature/login/sub/dir/", "octo/demo@feature:login/sub/dir"),
        ("url:https://github.com/octo/demo/tree/feature%2Flogin/sub/dir/", "octo/demo@feature/login:sub/dir"),
        ("url:https://github.com/octo/demo/tree/v1.0%2Bbuild.5/", "octo/demo@v1.0+build.5:"),
        ("url:https://github.com/octo/demo/tree/\(commit)/sub/dir", "octo/demo@\(commit):sub/dir"),
        ("url:https://github.com/octo/demo/tree/refs/heads/main", "octo/demo@refs/heads/main:"),
        ("url:https://github.com/octo/demo/tree/refs/heads/main/sub", "octo/demo@refs/heads/main:sub"),
        ("url:https://github.com/octo/tree/tree/main/blob/x", "octo/tree@main:blob/x"),
        ("url:https://ghe.example.com:8443/octo/demo/tree/main/", "octo/demo@main:"),
    ])
    func `reads every form that names a repository`(_ text: String, _ expected: String) throws {
        let location = try RepositoryLocation.parse(text, hosts: Self.hosts)
        let place = location.ref.map { "\($0):\(location.directory)" } ?? ""
        #expect("\(location.owner)/\(location.repository)@\(place)" == expected)
    }

    @Test(arguments: [
        ("url:https://www.github.com/octo/demo", "UNSUPPORTED_HOST", "github.com"),
        ("url:https://raw.githubusercontent.com/octo/demo/main/x", "UNSUPPORTED_HOST", "blob"),
        ("url:https://gitlab.com/octo/demo/-/tree/main/sub/dir", "UNSUPPORTED_HOST", "gitlab.com"),
        ("url:https://gitea.com/octo/demo/src/branch/main/sub", "UNSUPPORTED_HOST", "gitea.com"),
        ("url:https://github.com.evil.example/octo/demo", "UNSUPPORTED_HOST", "github.com.evil.example"),
        ("url:https://github.com:8443/octo/demo", "UNSUPPORTED_HOST", "github.com:8443"),
        ("url:https://ghe.example.com/octo/demo", "UNSUPPORTED_HOST", "ghe.example.com"),
        ("url:https://github.com./octo/demo", "INVALID_LOCATION", "address"),
        ("url:https://gïthub.com/octo/demo", "INVALID_LOCATION", "address"),
        ("url:https:///octo/demo", "INVALID_LOCATION", "address"),
        ("url:https://github.com\\@evil.example/octo/demo", "INVALID_LOCATION", "address"),
        ("url:https://github.com:0/octo/demo", "INVALID_LOCATION", "address"),
        ("url:https://github.com:+443/octo/demo", "INVALID_LOCATION", "address"),
        ("url:https://github.com/octo/de\nmo", "INVALID_LOCATION", "address"),
        ("url:https://github.com/octo/demo/pull/7", "INVALID_LOCATION", "pull"),
        ("url:https://github.com/octo/demo/commit/\(commit)", "INVALID_LOCATION", "commit"),
        ("url:https://github.com/octo", "INVALID_LOCATION", "no repository"),
        ("url:https://github.com/", "INVALID_LOCATION", "no repository"),
        ("url:https://github.com/-octo/demo", "INVALID_LOCATION", "owner"),
        ("url:https://github.com/oc--to/demo", "INVALID_LOCATION", "owner"),
        ("url:https://github.com/octo/.git", "INVALID_LOCATION", "no valid repository"),
        ("url:https://github.com/octo/de%20mo", "INVALID_LOCATION", "no valid repository"),
        ("url:https://x-access-token:ghp_secret@github.com/octo/demo.git", "INVALID_LOCATION", "user name"),
        ("url:https://github.com@evil.example/octo/demo", "INVALID_LOCATION", "user name"),
        ("url:git+ssh://git@github.com/octo/demo.git", "INVALID_LOCATION", "https"),
        ("git@github.com:octo/demo.git", "INVALID_LOCATION", "type"),
        ("ssh://git@github.com/octo/demo.git", "INVALID_LOCATION", "type"),
        ("url:octo/demo", "INVALID_LOCATION", "https"),
        ("octo/demo", "INVALID_LOCATION", "no type"),
        ("", "INVALID_LOCATION", "no type"),
        ("url:", "INVALID_LOCATION", "https"),
        ("url:https://github.com/octo/demo/tree/main/../../../other/repo/tree/main", "INVALID_LOCATION", "'..'"),
        ("url:https://github.com/octo/demo/tree/main/%2e%2e/x", "INVALID_LOCATION", "'..'"),
        ("url:https://github.com/octo/demo/tree/main/a%2F..%2Fb", "INVALID_LOCATION", "'..'"),
        ("url:https://github.com/octo/demo/tree/main/../\u{301}x", "INVALID_LOCATION", "'..'"),
        ("url:https://github.com/octo/demo/tree/main/%zz", "INVALID_LOCATION", "encoded"),
        ("url:https://github.com/octo/demo/tree/main/%C3", "INVALID_LOCATION", "encoded"),
        ("url:https://github.com/octo/demo/tree/main/%00", "INVALID_LOCATION", "encoded"),
        ("url:https://github.com/octo/demo/tree/-/x", "INVALID_LOCATION", "git does not allow"),
        ("url:https://github.com/octo/demo/tree/--help", "INVALID_LOCATION", "git does not allow"),
        ("url:https://github.com/octo/demo/tree/a~1", "INVALID_LOCATION", "git does not allow"),
        ("url:https://github.com/octo/demo/tree", "INVALID_LOCATION", "no branch"),
        ("URL:https://github.com/octo/demo", "INVALID_LOCATION", "lower case"),
        ("file:./catalog-info.yaml", "INVALID_LOCATION", "machine of the catalogue"),
        ("dir:.", "INVALID_LOCATION", "machine of the catalogue"),
        ("url:file:///etc/passwd", "INVALID_LOCATION", "https"),
        ("javascript:alert(1)", "INVALID_LOCATION", "type"),
        (
            "url:https://github.com/octo/\(String(repeating: "x", count: 101))", "INVALID_LOCATION",
            "no valid repository"
        ),
        (
            "url:https://github.com/octo/demo/tree/main/\(String(repeating: "x", count: 2048))", "INVALID_LOCATION",
            "longer than"
        ),
    ])
    func `refuses everything else and says why`(_ text: String, _ code: String, _ reason: String) {
        let error = #expect(throws: SourceError.self) { try RepositoryLocation.parse(text, hosts: Self.hosts) }
        #expect(error?.code == code)
        #expect(error?.text.contains(reason) == true, "\(error?.text ?? "")")
        #expect(error?.hint?.isEmpty == false)
    }

    @Test(arguments: [
        "url:https://x-access-token:CANARY@github.com/octo/demo.git", "https://CANARY@github.com/octo/demo",
        "url:https://github.com/octo?token=CANARY", "ssh://u:CANARY@github.com/octo/demo",
        "https://u:CANARY?x@github.com/octo/demo", "url:CANARY@github.com/octo/demo",
        "CANARY:x-oauth-basic@github.com/o/r",
        "CANARY@github.com:octo/demo.git", "url:https://github.com/CANARY:x@octo/demo", "url:ghp_CANARY/octo/demo",
        "https://u:CANARY@github.com\\/o",
    ])
    func `repeats no secret of a refused location`(_ text: String) throws {
        let error = #expect(throws: SourceError.self) { try RepositoryLocation.parse(text) }
        #expect(error?.text.contains("CANARY") == false)
    }

    @Test func `keeps every reading of a path whose branch may hold slashes`() throws {
        let location = try RepositoryLocation.parse("https://github.com/o/r/tree/feature/login/sub")
        #expect(location.readings.map(\.ref) == ["feature", "feature/login", "feature/login/sub"])
        #expect(location.readings.map(\.directory) == ["login/sub", "sub", ""])
    }

    @Test func `never takes the file of a blob address for a part of the branch`() throws {
        let location = try RepositoryLocation.parse("https://github.com/o/r/blob/feature/login/sub/c.yaml")
        #expect(location.readings.map(\.ref) == ["feature", "feature/login", "feature/login/sub"])
        #expect(location.readings.map(\.directory) == ["login/sub", "sub", ""])
    }

    @Test func `tries what may be a shortened commit id last`() throws {
        let location = try RepositoryLocation.parse("https://github.com/o/r/tree/beef/login")
        #expect(location.readings.map(\.ref) == ["beef/login", "beef"])
    }

    @Test func `bounds the number of readings`() throws {
        let path = (0..<100).map { "d\($0)" }.joined(separator: "/")
        #expect(try RepositoryLocation.parse("https://github.com/o/r/tree/\(path)").readings.count == 8)
    }

    @Test(arguments: [
        ("https://github.com/o/r", "dev", "dev", ""),
        ("https://github.com/o/r/tree/main/sub", "dev", "dev", "sub"),
        ("https://github.com/o/r/tree/feature/login/sub", "feature/login", "feature/login", "sub"),
    ])
    func `takes a ref that was given beside it`(
        _ text: String, _ ref: String, _ chosen: String, _ directory: String
    ) throws {
        let location = try RepositoryLocation.parse(text).selecting(ref: ref)
        #expect(location.readings == [RepositoryLocation.Reading(ref: chosen, directory: directory)])
        #expect(throws: SourceError.self) { try location.selecting(ref: "../x") }
    }

    @Test func `warns about a query that it leaves out`() throws {
        let location = try RepositoryLocation.parse("https://github.com/octo/demo?ref=dev")
        #expect(location.warnings.count == 1)
        #expect(location.warnings.first?.contains("dev") == false)
    }
}
