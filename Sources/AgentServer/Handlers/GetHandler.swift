internal import RunnerCore
internal import RunnerProtocol

/// `runner.get`: one instance, from memory.
enum GetHandler {
    static func handle(_ params: ParamsSlice, _ session: Session) throws(ResponseError) -> Answer {
        let params = try GetParams(params: try params.value())
        guard let instance = session.context.runner.instance(try InstanceID(wire: params.instanceID)) else {
            throw .instanceNotFound(params.instanceID)
        }
        let encoded = session.context.encodedInstances.bytes(of: instance)
        return Answer { $0.raw(encoded) }
    }
}
