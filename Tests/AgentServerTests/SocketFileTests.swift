import Glibc
import Testing

@testable import AgentServer

@Suite struct SocketFileTests {
    private let scratch: ScratchDirectory
    private let path: String

    init() throws {
        scratch = try ScratchDirectory()
        path = scratch.file("agent/agent.sock")
    }

    private func refusal(at path: String, access: SocketAccess = .owner) -> SocketError? {
        do throws(SocketError) {
            close(try SocketFile.listen(at: path, access: access).listener)
            return nil
        } catch {
            return error
        }
    }

    @Test func `makes the directory 0700 and the socket 0600, whatever the umask`() throws {
        let file = try SocketFile.listen(at: path, access: .owner)
        defer { close(file.listener) }
        #expect(FileStatus(path: scratch.file("agent"))?.permissions == 0o700)
        #expect(FileStatus(path: path)?.permissions == 0o600)
        #expect(FileStatus(path: path)?.isSocket == true)
    }

    @Test func `a group gets 0750 and 0660`() throws {
        let file = try SocketFile.listen(at: path, access: .group(getgid()))
        defer { close(file.listener) }
        #expect(FileStatus(path: scratch.file("agent"))?.permissions == 0o750)
        #expect(FileStatus(path: path)?.permissions == 0o660)
    }

    @Test func `a live agent's socket is not taken`() throws {
        let file = try SocketFile.listen(at: path, access: .owner)
        defer { close(file.listener) }
        #expect(refusal(at: path)?.code == .alreadyRunning)
        #expect(try UnixConnection.answers(at: path))
    }

    @Test func `a live socket of a program without the lock is not taken either`() throws {
        let file = try SocketFile.listen(at: path, access: .owner)
        defer { close(file.listener) }
        unsafe unlink(path + ".lock")
        #expect(refusal(at: path)?.code == .alreadyRunning)
        #expect(FileStatus(path: path) != nil)
    }

    @Test func `a stale socket is replaced`() throws {
        do {
            let stale = try SocketFile.listen(at: path, access: .owner)
            close(stale.listener)
        }
        #expect(try !UnixConnection.answers(at: path))
        let file = try SocketFile.listen(at: path, access: .owner)
        defer { close(file.listener) }
        #expect(try UnixConnection.answers(at: path))
    }

    @Test func `a file that is no socket is left alone`() throws {
        unsafe mkdir(scratch.file("agent"), 0o700)
        close(unsafe open(path, O_CREAT | O_WRONLY, 0o600))
        #expect(refusal(at: path)?.code == .notASocket)
        #expect(FileStatus(path: path)?.isSocket == false)
    }

    @Test(arguments: [0o755, 0o770, 0o701] as [mode_t])
    func `a directory that others can reach is refused with what to do`(mode: mode_t) throws {
        unsafe mkdir(scratch.file("agent"), 0o700)
        unsafe chmod(scratch.file("agent"), mode)
        let error = try #require(refusal(at: path))
        #expect(error.code == .directoryUnsafe)
        #expect(error.message.contains("chmod 700"))
    }

    @Test func `a symbolic link in the place of the directory is refused`() throws {
        unsafe mkdir(scratch.file("real"), 0o700)
        unsafe symlink(scratch.file("real"), scratch.file("agent"))
        #expect(refusal(at: path)?.code == .directoryUnsafe)
    }

    @Test func `a path of 107 bytes works and one of 108 is refused clearly`() throws {
        let start = scratch.file("agent/")
        let longest = start + String(repeating: "s", count: 107 - start.utf8.count)
        #expect(refusal(at: longest) == nil)
        let error = try #require(refusal(at: longest + "s"))
        #expect(error.code == .pathTooLong)
        #expect(error.message.contains("108 bytes"))
    }

    @Test func `a socket that something else has replaced is not unlinked`() throws {
        let file = try SocketFile.listen(at: path, access: .owner)
        defer { close(file.listener) }
        unsafe unlink(path)
        close(unsafe open(path, O_CREAT | O_WRONLY, 0o600))
        file.unlinkIfOurs()
        #expect(FileStatus(path: path) != nil)
    }

    @Test func `connecting where nobody listens says what to do`() {
        #expect {
            _ = try AgentClient(path: path)
        } throws: { error in
            let error = error as? SocketError
            return error?.code == .noAgent && error?.message.contains("runner-agent serve") == true
        }
    }
}
