/// A name with its value: a variable, a build argument or a label.
package struct EnvironmentEntry: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
