import Glibc
import Testing

@testable import AgentServer

@Suite struct PeerPolicyTests {
    private func withPeer(_ body: (CInt, PeerCredential) throws -> Void) throws {
        var ends: [CInt] = [0, 0]
        let status = unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends)
        #expect(status == 0)
        defer { for end in ends { close(end) } }
        try body(ends[0], try #require(PeerCredential(descriptor: ends[0])))
    }

    @Test func `the kernel says who is at the other end`() throws {
        try withPeer { _, peer in
            #expect(peer.uid == getuid())
            #expect(peer.pid == getpid())
        }
    }

    @Test func `our own user and root are served, others are not`() throws {
        try withPeer { descriptor, _ in
            let policy = PeerPolicy(ownUID: 1_000, access: .owner)
            for (uid, isServed) in [(1_000, true), (0, true), (1_001, false)] as [(UInt32, Bool)] {
                let peer = PeerCredential(pid: 1, uid: uid, gid: 7)
                #expect(policy.admits(peer, descriptor: descriptor) == isServed)
            }
        }
    }

    @Test func `a member of the socket's group is served`() throws {
        try withPeer { descriptor, _ in
            let policy = PeerPolicy(ownUID: 1_000, access: .group(7))
            #expect(policy.admits(PeerCredential(pid: 1, uid: 1_001, gid: 7), descriptor: descriptor))
            #expect(!policy.admits(PeerCredential(pid: 1, uid: 1_001, gid: 8), descriptor: descriptor))
        }
    }

    @Test func `what is no socket has no peer`() throws {
        let file = unsafe open("/dev/null", O_RDONLY)
        defer { close(file) }
        #expect(PeerCredential(descriptor: file) == nil)
    }
}
