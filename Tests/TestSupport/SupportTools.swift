/// Programs and directories of `Tests/` that tests use.
package enum SupportTools {
    /// `Tests/`, found from where this file was compiled.
    package static let testsDirectory = {
        // `..` stays in the path for the kernel to follow: this directory may be a symlink.
        let directory = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        return "/\(directory)/.."
    }()

    /// A program of `Tests/support`, for example `with-engine`.
    package static func path(_ tool: String) -> String {
        "\(testsDirectory)/support/\(tool)"
    }

    /// A component of `Tests/examples`, for example `hello`.
    package static func example(_ name: String) -> String {
        "\(testsDirectory)/examples/\(name)"
    }
}
