/// Why a login for a registry could not be looked up; its message holds no secret.
package struct RegistryLoginProblem: Error, Sendable, Hashable {
    package let message: String

    init(_ message: String) {
        self.message = message
    }
}
