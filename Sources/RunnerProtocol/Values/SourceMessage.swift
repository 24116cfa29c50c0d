/// Where an instance's source came from.
package enum SourceMessage: WireMessage, Hashable {
    /// `commit` is absent until the ref has been resolved.
    case github(location: String, repository: String, ref: String, commit: String?, directory: String)
    case directory(path: String)

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        switch self {
        case .github(let location, let repository, let ref, let commit, let directory):
            writer.member("type", "github")
            writer.member("location", location)
            writer.member("repository", repository)
            writer.member("ref", ref)
            writer.member("commit", commit)
            writer.member("directory", directory)
        case .directory(let path):
            writer.member("type", "directory")
            writer.member("path", path)
        }
        writer.endObject()
    }
}
