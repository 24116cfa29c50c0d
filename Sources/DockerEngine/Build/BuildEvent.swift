/// One instruction of a Dockerfile, or something the builder does besides.
package struct BuildStep: Sendable, Hashable {
    package enum State: Sendable, Hashable {
        case started
        /// Taken from an earlier build.
        case cached
        case completed
        case failed(error: String)
        /// Given up because another step failed.
        case cancelled
    }

    /// Stays the same through all states of one step.
    package let id: String
    /// The instruction: `RUN npm ci`.
    package let name: String
    /// The stage's name, when the builder tells.
    package let stage: String?
    /// Within the stage, from 1; nil for what the builder does besides.
    package let number: Int?
    package let total: Int?
    package let state: State

    package init(id: String, name: String, stage: String? = nil, number: Int? = nil, total: Int? = nil, state: State) {
        self.id = id
        self.name = name
        self.stage = stage
        self.number = number
        self.total = total
        self.state = state
    }

    /// `[builder 2/5] RUN npm ci`, or the bare name of what has no number.
    package var label: String {
        guard let number else { return name }
        let place = [stage, total.map { "\(number)/\($0)" } ?? "\(number)"].compactMap(\.self).joined(separator: " ")
        return "[\(place)] \(name)"
    }
}

/// What a build tells while it runs.
///
/// A step may start and end more than once; the last word counts.
package enum BuildEvent: Sendable, Hashable {
    case step(BuildStep)
    /// Bytes, not lines: assemble per step and stream.
    case log(step: BuildStep?, stream: LogChunk.Stream, bytes: [UInt8])
    /// Bytes of a layer that is being pulled.
    case progress(id: String, current: Int64, total: Int64)
    case warning(String)
    /// The result; the last event, and only of a build that succeeded.
    case imageID(String)
    /// The engine has dropped output of a step: BuildKit keeps 2 MiB and 200 KiB/s of each.
    case clipped
}
