import FoundationEssentials

/// Reads the small files that hold tokens and keys.
///
/// Blocks.
enum SmallFile {
    /// Why a file cannot be used, to follow its name in a sentence.
    struct Unusable: Error {
        let reason: String
        var hint: String?
    }

    /// The contents of a regular file that not everybody can read; nil when there is none.
    ///
    /// Its size is checked before it is read.
    static func read(_ path: String, limitBytes: Int) throws(Unusable) -> [UInt8]? {
        do {
            // Secrets are often mounted as links, whose own mode says nothing.
            let target = URL(filePath: path).resolvingSymlinksInPath()
            guard FileManager.default.fileExists(atPath: target.path) else { return nil }
            let attributes = try FileManager.default.attributesOfItem(atPath: target.path)
            // Opening a pipe would wait for whoever writes to it.
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw Unusable(reason: "is not a regular file")
            }
            let mode = attributes[.posixPermissions] as? Int ?? 0
            guard mode & 0o007 == 0 else {
                throw Unusable(reason: "can be read by every user", hint: "Run: chmod 600 \(SafeText.plain(path))")
            }
            guard (attributes[.size] as? Int ?? 0) <= limitBytes else {
                throw Unusable(reason: "is larger than \(limitBytes) bytes")
            }
            return try [UInt8](Data(contentsOf: target))
        } catch let error as Unusable {
            throw error
        } catch {
            throw Unusable(reason: "cannot be read")
        }
    }
}
