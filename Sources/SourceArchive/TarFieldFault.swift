/// What is wrong in a tar header; ``TarLexer`` adds where, and which member it belongs to.
struct TarFieldFault: Error {
    let code: ArchiveError.Code
    let cause: String
    let limit: String?

    init(_ cause: String, code: ArchiveError.Code = .invalid) {
        self.code = code
        self.cause = cause
        self.limit = nil
    }

    init(_ subject: String, limit: String, value: Int) {
        self.code = .tooLarge
        self.cause = "\(subject) passes the limit \(limit) (\(value))"
        self.limit = limit
    }
}
