import FoundationEssentials

/// One object of the stream that `POST /build` and `POST /images/create` answer with.
struct BuildMessage: Decodable {
    struct Progress: Decodable {
        let current: Int64?
        let total: Int64?
    }

    struct ErrorDetail: Decodable {
        let code: Int?
        let message: String?
    }

    /// `aux`: an image id, or a BuildKit trace in base64.
    enum Payload {
        case image(String)
        case trace(String)
    }

    private enum CodingKeys: String, CodingKey {
        case stream, status, id, aux, errorDetail, error
        case progress = "progressDetail"
    }

    private enum ImageKeys: String, CodingKey {
        case id = "ID"
    }

    /// BuildKit's traces carry this id.
    static let traceID = "moby.buildkit.trace"

    let stream: String?
    let status: String?
    let id: String?
    let progress: Progress?
    let errorDetail: ErrorDetail?
    let error: String?
    let payload: Payload?

    init(json: [UInt8]) throws {
        do {
            self = try JSONDecoder().decode(BuildMessage.self, from: Data(json))
        } catch {
            throw EngineError.badAnswer("a message of the engine's stream cannot be read: \(error)")
        }
    }

    init(from decoder: any Decoder) throws {
        let message = try decoder.container(keyedBy: CodingKeys.self)
        stream = try message.decodeIfPresent(String.self, forKey: .stream)
        status = try message.decodeIfPresent(String.self, forKey: .status)
        id = try message.decodeIfPresent(String.self, forKey: .id)
        progress = try message.decodeIfPresent(Progress.self, forKey: .progress)
        errorDetail = try message.decodeIfPresent(ErrorDetail.self, forKey: .errorDetail)
        error = try message.decodeIfPresent(String.self, forKey: .error)
        if id == Self.traceID {
            payload = try message.decodeIfPresent(String.self, forKey: .aux).map { .trace($0) }
        } else if let image = try? message.nestedContainer(keyedBy: ImageKeys.self, forKey: .aux) {
            // Other kinds of `aux` (pushes) have no id and are none of ours.
            payload = try image.decodeIfPresent(String.self, forKey: .id).map { .image($0) }
        } else {
            payload = nil
        }
    }

    /// Why the whole thing failed; `error` alone is what engines before API 1.48 also send.
    var failureText: String? {
        guard errorDetail != nil || error != nil else { return nil }
        return errorDetail?.message ?? error ?? "the engine gives no reason"
    }
}
