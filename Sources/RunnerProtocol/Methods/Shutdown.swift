/// `shutdown`: asks the agent to end its work; answered with null.
package struct ShutdownParams: EmptyParams, Hashable {
    package static let method = WireMethod.shutdown

    package init() {}
}

/// The result null.
package struct ShutdownResult: WireMessage, Hashable {
    package init() {}

    package func write(to writer: inout JSONWriter) {
        writer.null()
    }
}
