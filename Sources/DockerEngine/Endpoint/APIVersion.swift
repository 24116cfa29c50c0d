/// A version of the Engine API, such as 1.41.
struct APIVersion: Hashable, Comparable, CustomStringConvertible, Sendable {
    /// The newest version this client is written for; nothing it uses is newer.
    static let newestSpoken = APIVersion(major: 1, minor: 51)
    /// The oldest version this client can work with: Docker 19.03, Podman 3.
    static let oldestSpoken = APIVersion(major: 1, minor: 40)
    /// The first version in which `stop` takes a signal.
    static let stopSignal = APIVersion(major: 1, minor: 42)

    let major: Int
    let minor: Int

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads `1.41`, also with a leading `v`.
    init?(_ text: some StringProtocol) {
        let parts = Substring(text).drop { $0 == "v" }.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let major = Int(parts[0]), let minor = Int(parts[1])
        else { return nil }
        self.init(major: major, minor: minor)
    }

    var description: String { "\(major).\(minor)" }

    static func < (left: APIVersion, right: APIVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
