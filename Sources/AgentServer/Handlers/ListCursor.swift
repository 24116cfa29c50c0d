internal import RunnerCore
internal import RunnerProtocol

/// Where a page of `runner.list` ended: after this instance, newest first.
///
/// It holds the instance's start time too, so that a page goes on at the right place when the instance has been removed.
struct ListCursor {
    private let id: InstanceID
    private let startedAt: Int64

    init(_ last: Instance) {
        id = last.id
        startedAt = last.startedAt.nanoseconds
    }

    init(_ text: String) throws(ResponseError) {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let startedAt = Int64(parts[0]), let id = InstanceID(String(parts[1])) else {
            throw .invalidParams(path: "/cursor", reason: "is no nextCursor of runner.list")
        }
        self.id = id
        self.startedAt = startedAt
    }

    var text: String { "\(startedAt).\(id)" }

    func rest(of instances: ArraySlice<Instance>) -> ArraySlice<Instance> {
        if let index = instances.firstIndex(where: { $0.id == id }) { return instances[(index + 1)...] }
        return instances.drop { $0.startedAt.nanoseconds >= startedAt }
    }
}
