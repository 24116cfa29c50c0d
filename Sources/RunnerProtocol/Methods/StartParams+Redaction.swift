/// Printing or dumping the params of a start shows no secret, whoever does it by accident.
extension StartParams: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        "StartParams(\(componentRef ?? "-"), secrets: \(buildSecrets.keys.sorted()), token: \(token == nil ? "no" : "yes"))"
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
