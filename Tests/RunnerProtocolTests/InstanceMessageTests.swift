import Testing

@testable import RunnerProtocol

@Suite struct InstanceMessageTests {
    private func text(_ message: some WireMessage) -> String {
        var writer = JSONWriter()
        message.write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func starting() -> InstanceMessage {
        InstanceMessage(
            id: "8c1f", componentRef: "component:default/web", status: .starting,
            startedAt: WireTime(nanoseconds: 1_767_323_045_123_000_000), source: .directory(path: "/srv/web"),
            revision: 1)
    }

    @Test func `absent members are left out`() {
        #expect(
            text(starting())
                == #"{"id":"8c1f","componentRef":"component:default/web","status":"starting","ports":[],"startedAt":"2026-01-02T03:04:05.123Z","endpoints":[],"health":"none","source":{"type":"directory","path":"/srv/web"},"warnings":[],"timings":{},"revision":1}"#
        )
    }

    @Test func `every member has its name and place`() {
        var instance = starting()
        instance.status = .error
        instance.containerID = "c0ffee"
        instance.ports = [8080, 9090]
        instance.stoppedAt = WireTime(nanoseconds: 1_767_323_046_000_000_000)
        instance.error = "boom"
        instance.phase = .checking
        instance.endpoints = [
            EndpointMessage(containerPort: 80, hostIP: "0.0.0.0", hostPort: 8080, url: "http://localhost:8080")
        ]
        instance.health = .unhealthy
        instance.source = .github(
            location: "url:https://github.com/o/r", repository: "o/r", ref: "main", commit: "abc", directory: "")
        instance.image = ImageMessage(id: "sha256:1", isCached: true)
        instance.exitCode = 1
        var failure = FailureMessage(code: .unhealthy, message: "no answer", retryable: true)
        failure.phase = .checking
        failure.lastProbe = "503"
        instance.failure = failure
        instance.warnings = ["w"]
        instance.timings = [(.resolving, 12), (.fetching, 340)]
        instance.revision = 9
        instance.isStale = true
        #expect(
            text(instance)
                == #"{"id":"8c1f","componentRef":"component:default/web","status":"error","containerId":"c0ffee","ports":[8080,9090],"startedAt":"2026-01-02T03:04:05.123Z","stoppedAt":"2026-01-02T03:04:06.000Z","error":"boom","phase":"checking","endpoints":[{"containerPort":80,"hostIp":"0.0.0.0","hostPort":8080,"url":"http://localhost:8080"}],"health":"unhealthy","source":{"type":"github","location":"url:https://github.com/o/r","repository":"o/r","ref":"main","commit":"abc","directory":""},"image":{"id":"sha256:1","cached":true},"exitCode":1,"failure":{"code":"UNHEALTHY","phase":"checking","message":"no answer","retryable":true,"lastProbe":"503"},"warnings":["w"],"timings":{"resolvingMs":12,"fetchingMs":340},"revision":9,"stale":true}"#
        )
    }

    @Test func `a commit that is not known yet is left out`() {
        let source = SourceMessage.github(location: "l", repository: "o/r", ref: "main", commit: nil, directory: "sub")
        #expect(text(source) == #"{"type":"github","location":"l","repository":"o/r","ref":"main","directory":"sub"}"#)
    }

    @Test func `a failure is the data of an error too`() {
        var failure = FailureMessage(code: .configInvalid, message: "bad")
        failure.phase = .configuring
        failure.hint = "mend it"
        failure.retryAfterMs = 500
        failure.step = "RUN make"
        failure.exitCode = 2
        failure.oomKilled = false
        failure.logTail = ["a", "b"]
        failure.diagnostics = [DiagnosticMessage(line: 3, column: 5, path: "runner.ports", message: "is required")]
        failure.details = [("limit", "members"), ("code", "dropped")]
        failure.instanceID = "8c1f"
        let expected =
            #"{"code":"CONFIG_INVALID","phase":"configuring","message":"bad","hint":"mend it","retryable":false,"retryAfterMs":500,"step":"RUN make","exitCode":2,"oomKilled":false,"logTail":["a","b"],"diagnostics":[{"line":3,"column":5,"path":"runner.ports","message":"is required"}],"instanceId":"8c1f","limit":"members"}"#
        #expect(text(failure) == expected)
        var writer = JSONWriter()
        encodeError(RequestID(1), failure.responseError, into: &writer)
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"bad","data":\#(expected)}}"# + "\n")
    }

    @Test func `a cancelled start answers with the code of cancelling`() {
        var failure = FailureMessage(code: .cancelled, message: "cancelled")
        failure.instanceID = "8c1f"
        #expect(failure.responseError.code == .cancelled)
        #expect(failure.responseError.domainCode == .cancelled)
        #expect(failure.responseError.data?["instanceId"] == "8c1f")
    }
}
