import Glibc
import Subprocess
import SystemPackage

/// Runs `body` with the path of a new empty directory, which is removed afterwards.
///
/// The path is short: a unix socket below it must fit into 107 bytes. With `RUNNER_AGENT_KEEP_TEST_DIRECTORIES` set, the
/// directory stays and its path is printed.
@discardableResult
package func withTemporaryDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let path = try makeTemporaryDirectory()
    let result: Result<Value, any Error>
    do {
        result = .success(try await body(path))
    } catch {
        result = .failure(error)
    }
    if environmentVariable("RUNNER_AGENT_KEEP_TEST_DIRECTORIES") != nil {
        print("kept \(path)")
    } else {
        // In a task of its own, so that a cancelled test cleans up too.
        await Task { await removeDirectory(path) }.value
    }
    return try result.get()
}

private func makeTemporaryDirectory() throws -> String {
    let parent = environmentVariable("TMPDIR").flatMap { $0.utf8.count <= 40 ? $0 : nil } ?? "/tmp"
    var template = Array("\(parent)/ra-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

private func removeDirectory(_ path: String) async {
    do {
        _ = try await run(.path("/bin/rm"), arguments: ["-rf", "--one-file-system", "--", path], output: .discarded)
    } catch {
        print("could not remove \(path): \(error)")
    }
}

/// A variable of this process; nil when unset or empty.
package func environmentVariable(_ name: String) -> String? {
    guard let value = unsafe getenv(name), let text = unsafe String(validatingCString: value), !text.isEmpty else {
        return nil
    }
    return text
}
