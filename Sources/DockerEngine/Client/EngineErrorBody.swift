import FoundationEssentials

/// The body of an error answer: `{"message"}` (Docker), `{"cause","message","response"}` (Podman), text, or nothing.
enum EngineErrorBody {
    /// The most bytes read of an error body.
    static let maxBytes = 64 << 10
    /// The most characters of it that are shown.
    static let maxShownCharacters = 16_384

    private struct Body: Decodable {
        let message: String?
    }

    /// The engine's own words, or what can be said without them.
    static func message(_ status: Int, _ body: [UInt8]) -> String {
        // Not JSON is an ordinary case: very old and very new versions are refused in plain text.
        let told =
            (try? JSONDecoder().decode(Body.self, from: Data(body)))?.message ?? String(decoding: body, as: UTF8.self)
        let text = told.trimmed
        guard !text.isEmpty else { return "the engine answered \(status) without a message" }
        return String(text.prefix(maxShownCharacters))
    }

    /// Whether the engine refuses the API version of the path: it was replaced by another release under us.
    static func refusesVersion(_ status: Int, _ message: String) -> Bool {
        status == 400 && message.contains("client version") && message.containsAny("is too old", "is too new")
    }
}
