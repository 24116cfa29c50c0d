internal import NIOConcurrencyHelpers
internal import RunnerCore
internal import RunnerProtocol

/// The JSON text of instances, made once for each revision.
///
/// Instances change a few times in their life and are listed all the time: to encode one costs more than all else that a list
/// does.
final class EncodedInstances: Sendable {
    private struct Entry {
        var revision: Int
        var bytes: [UInt8]
    }

    /// More than history keeps; reached, all are dropped with those that no longer exist.
    private static let maxEntries = 1_024
    private let list = NIOLockedValueBox<(version: UInt64, bytes: [UInt8])?>(nil)
    private let entries = NIOLockedValueBox<[InstanceID: Entry]>([:])

    /// The whole list of a version, made by `make` unless it is known.
    ///
    /// The version is to be read before what is made of it: then a change meanwhile makes the entry one that is never used.
    func list(of version: UInt64, _ make: () -> [UInt8]) -> [UInt8] {
        if let known = list.withLockedValue({ $0 }), known.version == version { return known.bytes }
        let bytes = make()
        list.withLockedValue { $0 = (version, bytes) }
        return bytes
    }

    /// An ``InstanceMessage`` as it goes on the wire.
    func bytes(of instance: Instance) -> [UInt8] {
        let known = entries.withLockedValue { entries in
            entries[instance.id].flatMap { $0.revision == instance.revision ? $0.bytes : nil }
        }
        if let known { return known }
        var writer = JSONWriter(reserving: 1_024)
        InstanceMessage(instance).write(to: &writer)
        entries.withLockedValue { entries in
            if entries.count >= Self.maxEntries { entries.removeAll() }
            // A reader of an older snapshot must not undo what one of a newer has made.
            if entries[instance.id].map({ $0.revision < instance.revision }) ?? true {
                entries[instance.id] = Entry(revision: instance.revision, bytes: writer.bytes)
            }
        }
        return writer.bytes
    }
}
