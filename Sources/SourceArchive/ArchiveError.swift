/// Why a source was refused, or could not be read.
///
/// `message` is complete on its own: it names the member (escaped and shortened), the cause, and for a limit its name
/// and value.
package struct ArchiveError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        /// The gzip, tar, path, pattern or plan is malformed or incomplete.
        case invalid
        /// Well-formed, but of a kind that is never accepted: traversal, links out of order, devices.
        case unsafe
        /// A limit of ``ArchiveLimits`` was passed; ``ArchiveError/limit`` names it.
        case tooLarge
        /// A file of a directory source changed while it was read.
        case changed
        /// The operating system refused a call.
        case io
        /// `isCancelled` answered true.
        case cancelled
    }

    package let code: Code
    package let message: String
    /// The member the error is about, escaped for display.
    package let member: String?
    /// The field of ``ArchiveLimits`` that was passed.
    package let limit: String?

    package var description: String { message }

    init(_ code: Code, _ cause: String, member: [UInt8]? = nil, limit: String? = nil) {
        let name = member.map(escapedForDisplay)
        self.code = code
        self.message = name.map { "\"\($0)\": \(cause)" } ?? cause
        self.member = name
        self.limit = limit
    }

    static func invalid(_ cause: String, member: [UInt8]? = nil) -> ArchiveError {
        ArchiveError(.invalid, cause, member: member)
    }

    static func unsafe(_ cause: String, member: [UInt8]? = nil) -> ArchiveError {
        ArchiveError(.unsafe, cause, member: member)
    }

    /// An error for `limit`, whose value is `value` in `unit`.
    static func tooLarge(
        _ subject: String, limit: String, value: some BinaryInteger, unit: String = "bytes", member: [UInt8]? = nil
    ) -> ArchiveError {
        ArchiveError(
            .tooLarge, "\(subject) passes the limit \(limit) (\(value) \(unit))", member: member, limit: limit)
    }

    static var cancelled: ArchiveError { ArchiveError(.cancelled, "reading the source was cancelled") }
}
