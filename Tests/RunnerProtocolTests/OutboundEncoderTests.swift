import Testing

@testable import RunnerProtocol

@Suite struct OutboundEncoderTests {
    private func text(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `answers follow each other in one buffer`() {
        let answers = text { writer in
            encodeResult(RequestID(1), EmptyResult(), into: &writer)
            encodeResult(RequestID("a"), ShutdownResult(), into: &writer)
            encodeError(.null, .methodNotFound("x"), into: &writer)
        }
        #expect(
            answers == """
                {"jsonrpc":"2.0","id":1,"result":{}}
                {"jsonrpc":"2.0","id":"a","result":null}
                {"jsonrpc":"2.0","id":null,"error":{"code":-32601,"message":"Method not found: x","data":{"method":"x"}}}

                """)
    }

    @Test func `a batch is one line, and none without answers`() {
        let answers = [1, 2].map { id in
            var writer = JSONWriter()
            encodeResult(RequestID(id), EmptyResult(), into: &writer)
            return writer.bytes
        }
        #expect(
            text { encodeBatch(answers, into: &$0) }
                == #"[{"jsonrpc":"2.0","id":1,"result":{}},{"jsonrpc":"2.0","id":2,"result":{}}]"# + "\n")
        #expect(text { encodeBatch([], into: &$0) } == "")
    }

    @Test func `notifications name their method`() {
        let instance = InstanceMessage(
            id: "i", componentRef: "c", status: .running, startedAt: WireTime(nanoseconds: 0),
            source: .directory(path: "/"), revision: 1)
        let sent = text { writer in
            encodeNotification(
                LogEndNotification(subscriptionID: "s", instanceID: "i", reason: .ended, nextSeq: 5), into: &writer)
            encodeNotification(InstanceNotification(subscriptionID: "s", instance: instance), into: &writer)
        }
        let lines = sent.split(separator: "\n")
        #expect(
            lines.first == #"""
                {"jsonrpc":"2.0","method":"runner.log.end","params":{"subscriptionId":"s","instanceId":"i","reason":"ended","nextSeq":5}}
                """#)
        #expect(
            lines.last?.hasPrefix(
                #"{"jsonrpc":"2.0","method":"runner.instance","params":{"subscriptionId":"s","instance":{"id":"i","#)
                == true)
    }

    @Test(arguments: [#""t""#, "7", "1.50"])
    func `progress carries its token as sent`(token: String) throws {
        let value = try JSONReader.parse(Array(token.utf8))
        var progress = ProgressNotification(
            token: try #require(ProgressToken(value)), kind: .report, phase: .fetching, message: "m")
        progress.current = 1
        progress.total = 2
        progress.unit = "bytes"
        #expect(
            text { encodeNotification(progress, into: &$0) }
                == #"{"jsonrpc":"2.0","method":"$/progress","params":{"token":\#(token),"value":{"kind":"report","phase":"fetching","message":"m","current":1,"total":2,"unit":"bytes"}}}"#
                + "\n")
    }

    @Test func `initialize and agent info have their shape`() throws {
        var result = InitializeResult(agentVersion: "1.2.3", engine: nil, limits: [("lineBytes", 5)])
        result.capabilities = [:]
        #expect(
            text { result.write(to: &$0) }
                == #"{"protocolVersion":1,"agent":{"name":"runner-agent","version":"1.2.3"},"engine":null,"capabilities":{},"limits":{"lineBytes":5}}"#
        )
        result.engine = InitializeResult.Engine(name: "Docker", version: "29.1", apiVersion: "1.52")
        #expect(
            text { result.write(to: &$0) }.contains(#""engine":{"name":"Docker","version":"29.1","apiVersion":"1.52"}"#)
        )
        let engine = AgentInfoResult.Engine(endpoint: "unix:///var/run/docker.sock", isReachable: false)
        let info = AgentInfoResult(
            version: "1.2.3", processID: 7, startedAt: WireTime(nanoseconds: 0), uptimeMs: 12, engine: engine,
            socketPath: nil, stateDirectory: "/s", cacheDirectory: "/c")
        #expect(
            text { info.write(to: &$0) }
                == #"{"name":"runner-agent","version":"1.2.3","protocolVersion":1,"processId":7,"startedAt":"1970-01-01T00:00:00.000Z","uptimeMs":12,"engine":{"endpoint":"unix:///var/run/docker.sock","reachable":false},"paths":{"stateDirectory":"/s","cacheDirectory":"/c"},"limits":{},"counts":{}}"#
        )
    }

    @Test func `domain errors always say whether a retry helps`() {
        let error = ResponseError.domain(
            .busy, message: "busy", hint: "wait", retryable: true, retryAfterMs: 10, extra: [("code", "X"), ("n", 1)])
        #expect(
            error.data
                == ["code": "BUSY", "hint": "wait", "retryable": true, "retryAfterMs": 10, "n": 1])
        #expect(
            ResponseError.cancelled(instanceID: "i").data == [
                "code": "CANCELLED", "retryable": false, "instanceId": "i",
            ])
        #expect(ResponseError.internalError(traceID: "t").data == ["traceId": "t"])
        let long = ResponseError.methodNotFound(String(repeating: "x", count: 1 << 20))
        #expect(long.message.utf8.count < 200)
    }

    @Test func `the codes are all different`() {
        #expect(Set(DomainErrorCode.all).count == DomainErrorCode.all.count)
    }
}
