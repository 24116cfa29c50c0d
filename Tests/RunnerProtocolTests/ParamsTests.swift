import Testing

@testable import RunnerProtocol

/// What every params type takes and refuses, through the JSON text a client sends.
@Suite struct ParamsTests {
    private func parse(_ text: String) throws -> JSONValue? {
        text.isEmpty ? nil : try JSONReader.parse(Array(text.utf8))
    }

    private func make<Params: WireParams>(_ type: Params.Type, _ text: String = "") throws -> Params {
        try Params(params: try parse(text))
    }

    /// Every params type there is.
    static let types: [any WireParams.Type] = [
        InitializeParams.self, PingParams.self, InfoParams.self, DiscoverParams.self, ShutdownParams.self,
        ExitParams.self, StartParams.self, StopParams.self, ListParams.self, GetParams.self, RemoveParams.self,
        LogsParams.self, WatchParams.self, UnsubscribeParams.self, ValidateParams.self, CancelParams.self,
        CancelledParams.self,
    ]

    private static func type(_ method: WireMethod) -> (any WireParams.Type)? {
        types.first { $0.method == method }
    }

    @Test func `every method a client calls has its params`() {
        let methods = Self.types.map { $0.method }
        #expect(Set(methods).count == methods.count)
        #expect(Set(methods) == Set(WireMethod.allCases.filter { $0.kind != .agentNotification }))
    }

    @Test(
        arguments: [
            (.initialize, ""), (.initialize, "null"), (.initialize, "[]"), (.initialize, #"{"other":1}"#),
            (.initialize, #"{"protocolVersions":null,"processId":null}"#), (.initialize, "[[1,2],null,7]"),
            (.agentPing, ""), (.agentPing, "{}"), (.agentPing, "[]"), (.agentPing, #"{"other":1}"#),
            (.agentInfo, ""), (.rpcDiscover, ""), (.shutdown, "null"), (.exit, "[]"),
            (.runnerStart, #"{"componentRef":"web"}"#), (.runnerStart, #"{"entity":{}}"#),
            (.runnerStart, #"{"source":{"path":"/a"}}"#), (.runnerStart, #"{"componentRef":"a","_meta":{"other":1}}"#),
            (.runnerStart, #"{"componentRef":"a","config":"runner:\n"}"#),
            (.runnerStop, #"{"instanceId":"x","_meta":{}}"#),
            (.runnerStop, #"{"instanceId":"x","timeoutSeconds":null}"#),
            (.runnerStop, #"["x",0]"#), (.runnerStop, #"{"instanceId":"x","timeoutSeconds":10.0}"#),
            (.runnerList, ""), (.runnerList, #"{"other":1}"#), (.runnerList, #"[null,["running"],5]"#),
            (.runnerGet, #"{"instanceId":"x","other":1}"#), (.runnerGet, #"["x"]"#),
            (.runnerRemove, #"{"instanceId":"x"}"#), (.runnerRemove, #"["x"]"#),
            (.runnerLogs, #"["x",true]"#), (.runnerLogs, #"{"instanceId":"x","other":1}"#),
            (.runnerWatch, ""), (.runnerWatch, #"["a","b"]"#), (.runnerWatch, #"{"other":1}"#),
            (.runnerUnsubscribe, #"["s"]"#), (.runnerValidate, #"{"config":"a: 1","other":1}"#),
            (.runnerValidate, #"[null,{}]"#), (.runnerValidate, #"{"source":{"path":"/a","other":1}}"#),
            (.cancelRequest, "[1]"), (.cancelled, #"{"requestId":1}"#),
        ] as [(WireMethod, String)])
    func `takes`(method: WireMethod, text: String) throws {
        let type = try #require(Self.type(method))
        let params = try parse(text)
        #expect(throws: Never.self) { _ = try type.init(params: params) }
    }

    @Test(
        arguments: [
            (.initialize, #"{"protocolVersions":1}"#, "/protocolVersions"),
            (.initialize, #"{"protocolVersions":[1,"2"]}"#, "/protocolVersions/1"),
            (.initialize, #"[[1,1.5]]"#, "/0/1"),
            (.initialize, #"{"clientInfo":"x"}"#, "/clientInfo"),
            (.initialize, #"{"clientInfo":{}}"#, "/clientInfo/name"),
            (.initialize, #"{"clientInfo":{"name":"x","version":1}}"#, "/clientInfo/version"),
            (.initialize, #"{"processId":"1"}"#, "/processId"), (.initialize, #"{"processId":0}"#, "/processId"),
            (.initialize, #"{"onDisconnect":"Stop"}"#, "/onDisconnect"), (.initialize, "[1,2,3,4,5]", "/4"),
            (.agentPing, "[1]", "/0"), (.agentInfo, "[1]", "/0"), (.shutdown, "[null]", "/0"), (.exit, "[1]", "/0"),
            (.rpcDiscover, "[1]", "/0"),
            (.runnerStart, "", ""), (.runnerStart, "{}", ""), (.runnerStart, "[]", ""), (.runnerStart, #"["web"]"#, ""),
            (.runnerStart, #"{"componentRef":1}"#, "/componentRef"),
            (.runnerStart, #"{"componentRef":""}"#, "/componentRef"),
            (.runnerStart, #"{"componentref":"a"}"#, "/componentref"), (.runnerStart, #"{"a/b~c":1}"#, "/a~1b~0c"),
            (.runnerStart, #"{"entity":"x"}"#, "/entity"), (.runnerStart, #"{"source":"x"}"#, "/source"),
            (.runnerStart, #"{"source":{}}"#, "/source"), (.runnerStart, #"{"source":{"path":"a"}}"#, "/source/path"),
            (.runnerStart, #"{"source":{"path":"/a\u0000"}}"#, "/source/path"),
            (.runnerStart, #"{"source":{"path":"/a","ref":"x"}}"#, "/source/ref"),
            (.runnerStart, #"{"source":{"path":"/a","location":"x"}}"#, "/source/path"),
            (.runnerStart, #"{"source":{"location":1}}"#, "/source/location"),
            (.runnerStart, #"{"source":{"location":"x","branch":"y"}}"#, "/source/branch"),
            (.runnerStart, #"{"componentRef":"a","configPath":1}"#, "/configPath"),
            (.runnerStart, #"{"componentRef":"a","config":1}"#, "/config"),
            (.runnerStart, #"{"componentRef":"a","credentials":{}}"#, "/credentials/token"),
            (.runnerStart, #"{"componentRef":"a","credentials":{"token":"t","user":"u"}}"#, "/credentials/user"),
            (.runnerStart, #"{"componentRef":"a","onExisting":"keep"}"#, "/onExisting"),
            (.runnerStart, #"{"componentRef":"a","idempotencyKey":7}"#, "/idempotencyKey"),
            (.runnerStart, #"{"componentRef":"a","environment":[]}"#, "/environment"),
            (.runnerStart, #"{"componentRef":"a","environment":{"A":null}}"#, "/environment/A"),
            (.runnerStart, #"{"componentRef":"a","environment":{"A":{}}}"#, "/environment/A"),
            (.runnerStart, #"{"componentRef":"a","environment":{"A":"\u0000"}}"#, "/environment/A"),
            (.runnerStart, #"{"componentRef":"a","environment":{"A=B":"x"}}"#, "/environment/A=B"),
            (.runnerStart, #"{"componentRef":"a","environment":{"":"x"}}"#, "/environment/"),
            (.runnerStart, #"{"componentRef":"a","ports":3000}"#, "/ports"),
            (.runnerStart, #"{"componentRef":"a","ports":[3000,true]}"#, "/ports/1"),
            (.runnerStart, #"{"componentRef":"a","ports":[1.5]}"#, "/ports/0"),
            (.runnerStart, #"{"componentRef":"a","buildSecrets":{"n":1}}"#, "/buildSecrets/n"),
            (.runnerStart, #"{"componentRef":"a","wait":true}"#, "/wait"),
            (.runnerStart, #"{"componentRef":"a","timeoutSeconds":0}"#, "/timeoutSeconds"),
            (.runnerStart, #"{"componentRef":"a","timeoutSeconds":1e400}"#, "/timeoutSeconds"),
            (.runnerStart, #"{"componentRef":"a","ttlSeconds":"5"}"#, "/ttlSeconds"),
            (.runnerStart, #"{"componentRef":"a","_meta":1}"#, "/_meta"),
            (.runnerStart, #"{"componentRef":"a","_meta":{"progressToken":{}}}"#, "/_meta/progressToken"),
            (.runnerStart, #"{"componentRef":"a","_meta":{"requestedBy":1}}"#, "/_meta/requestedBy"),
            (.runnerStop, "", "/instanceId"), (.runnerStop, "[]", "/0"), (.runnerStop, "[1]", "/0"),
            (.runnerStop, #"["x","y"]"#, "/1"), (.runnerStop, #"["x",1,2]"#, "/2"),
            (.runnerStop, #"{"instanceId":"x","force":true}"#, "/force"),
            (.runnerStop, #"{"instanceId":"x","timeoutSeconds":-1}"#, "/timeoutSeconds"),
            (.runnerStop, #"{"instanceId":"x","timeoutSeconds":3601}"#, "/timeoutSeconds"),
            (.runnerList, #"{"componentRef":1}"#, "/componentRef"), (.runnerList, #"{"status":"running"}"#, "/status"),
            (.runnerList, #"{"status":["running","gone"]}"#, "/status/1"), (.runnerList, #"[null,[1]]"#, "/1/0"),
            (.runnerList, #"{"limit":0}"#, "/limit"), (.runnerList, #"{"limit":1001}"#, "/limit"),
            (.runnerList, #"{"cursor":1}"#, "/cursor"),
            (.runnerGet, "", "/instanceId"), (.runnerGet, #"{"instanceId":null}"#, "/instanceId"),
            (.runnerGet, #"["x","y"]"#, "/1"),
            (.runnerRemove, #"{"instanceId":"x","other":1}"#, "/other"), (.runnerRemove, "{}", "/instanceId"),
            (.runnerLogs, "", "/instanceId"), (.runnerLogs, #"{"instanceId":"x","follow":1}"#, "/follow"),
            (.runnerLogs, #"{"instanceId":"x","tail":-1}"#, "/tail"),
            (.runnerLogs, #"{"instanceId":"x","after":"1"}"#, "/after"),
            (.runnerLogs, #"{"instanceId":"x","since":"now"}"#, "/since"),
            (.runnerLogs, #"{"instanceId":"x","until":1}"#, "/until"),
            (.runnerLogs, #"{"instanceId":"x","streams":["stdin"]}"#, "/streams/0"),
            (.runnerLogs, #"{"instanceId":"x","phases":"run"}"#, "/phases"),
            (.runnerLogs, #"{"instanceId":"x","limit":0}"#, "/limit"),
            (.runnerWatch, #"{"instanceId":1}"#, "/instanceId"), (.runnerWatch, #"[1]"#, "/0"),
            (.runnerUnsubscribe, "{}", "/subscriptionId"), (.runnerUnsubscribe, "[1]", "/0"),
            (.runnerValidate, "", ""), (.runnerValidate, #"{"config":"a","entity":{}}"#, ""),
            (.runnerValidate, #"{"entity":1}"#, "/entity"),
            (.runnerValidate, #"{"source":{"path":"a"}}"#, "/source/path"),
            (.runnerValidate, #"[{"path":"a"}]"#, "/0/path"),
            (.cancelRequest, "{}", "/id"), (.cancelRequest, "[[]]", "/0"),
            (.cancelled, #"{"requestId":true}"#, "/requestId"),
        ] as [(WireMethod, String, String)])
    func `refuses, and points at the fault`(method: WireMethod, text: String, path: String) throws {
        let type = try #require(Self.type(method))
        let params = try parse(text)
        let error = #expect(throws: ResponseError.self) { _ = try type.init(params: params) }
        #expect(error?.code == .invalidParams)
        #expect(error?.data?["path"]?.stringValue == path)
        #expect(error?.data?["reason"]?.stringValue?.isEmpty == false)
    }

    @Test func `initialize in full`() throws {
        let params = try make(
            InitializeParams.self,
            #"{"protocolVersions":[1,2],"clientInfo":{"name":"n","version":"v"},"processId":7,"onDisconnect":"stop"}"#)
        #expect(params.protocolVersions == [1, 2])
        #expect(params.clientInfo == InitializeParams.ClientInfo(name: "n", version: "v"))
        #expect(params.processID == 7)
        #expect(params.onDisconnect == .stop)
        #expect(try make(InitializeParams.self).onDisconnect == .keep)
    }

    @Test func `start in full`() throws {
        let params = try make(
            StartParams.self,
            #"""
            {"componentRef":"component:default/web","entity":{"kind":"Component"},
             "source":{"location":"url:https://github.com/o/r","ref":"main"},"configPath":"c.yml",
             "config":{"runner":{"type":"docker"}},"credentials":{"token":"t"},"onExisting":"reuse",
             "idempotencyKey":"k","environment":{"B":"1","A":2,"C":true,"D":1.50},"ports":[3000,"8080:3000"],
             "buildSecrets":{"npm":"s"},"wait":"healthy","timeoutSeconds":60,"ttlSeconds":3600,
             "_meta":{"progressToken":7,"requestedBy":"user:a","traceparent":"00-1"}}
            """#)
        #expect(params.componentRef == "component:default/web")
        #expect(params.entity == ["kind": "Component"])
        #expect(params.source == .location("url:https://github.com/o/r", ref: "main"))
        #expect(params.configPath == "c.yml")
        #expect(params.config == Array(#"{"runner":{"type":"docker"}}"#.utf8))
        #expect(params.token == "t")
        #expect(params.onExisting == .reuse)
        #expect(params.idempotencyKey == "k")
        #expect(params.environment.map(\.name) == ["B", "A", "C", "D"])
        #expect(params.environment.map(\.value) == ["1", "2", "true", "1.50"])
        #expect(params.ports == ["3000", "8080:3000"])
        #expect(params.buildSecrets == ["npm": "s"])
        #expect(params.wait == .healthy)
        #expect(params.timeoutSeconds == 60)
        #expect(params.ttlSeconds == 3600)
        #expect(params.progressToken == ProgressToken(7))
        #expect(params.requestedBy == "user:a")
        #expect(params.traceparent == "00-1")
    }

    @Test func `start has its defaults`() throws {
        let params = try make(StartParams.self, #"{"source":{"path":"/srv/my web"}}"#)
        #expect(params.source == .directory(path: "/srv/my web"))
        #expect(params.onExisting == .replace)
        #expect(params.wait == .accepted)
        #expect(params.environment.isEmpty)
        #expect(params.ports == nil)
        #expect(params.config == nil)
        #expect(params.timeoutSeconds == nil)
    }

    @Test func `a fingerprint is what two starts have in common and no secret`() throws {
        let first = try make(
            StartParams.self,
            #"{"componentRef":"a","environment":{"B":"2","A":"1"},"credentials":{"token":"t1"},"buildSecrets":{"n":"s1"},"idempotencyKey":"k","_meta":{"requestedBy":"x"}}"#
        )
        let second = try make(
            StartParams.self,
            #"{"idempotencyKey":"k", "buildSecrets":{"n":"s2"},"environment":{"A":"1","B":"\u0032"},"componentRef":"a","ports":null}"#
        )
        let other = try make(
            StartParams.self, #"{"componentRef":"a","environment":{"A":"1","B":"3"},"buildSecrets":{"n":"s"}}"#)
        #expect(
            String(decoding: first.fingerprint, as: UTF8.self)
                == #"{"buildSecrets":["n"],"componentRef":"a","environment":{"A":"1","B":"2"}}"#)
        #expect(first.fingerprint == second.fingerprint)
        #expect(first.fingerprint != other.fingerprint)
    }

    @Test func `printing a start shows no secret`() throws {
        let params = try make(
            StartParams.self,
            #"{"componentRef":"a","credentials":{"token":"hush1"},"buildSecrets":{"npm":"hush2"}}"#)
        var dumped = ""
        dump(params, to: &dumped)
        for text in ["\(params)", String(reflecting: params), String(describing: params), dumped] {
            #expect(text.contains("npm"))
            #expect(!text.contains("hush"))
        }
    }

    @Test func `stop, list, logs and watch in full`() throws {
        let stop = try make(StopParams.self, #"{"instanceId":"i","timeoutSeconds":3}"#)
        #expect(stop.instanceID == "i" && stop.timeoutSeconds == 3)
        let list = try make(
            ListParams.self, #"{"componentRef":"c","status":["running","error"],"limit":5,"cursor":"x"}"#)
        #expect(list.componentRef == "c" && list.status == [.running, .error] && list.limit == 5 && list.cursor == "x")
        let logs = try make(
            LogsParams.self,
            #"{"instanceId":"i","follow":true,"tail":5,"after":9007199254740993,"since":"1970-01-01T00:00:01Z","until":"1970-01-01T00:00:02Z","streams":["stdout"],"phases":["run","build"],"limit":7}"#
        )
        #expect(logs.instanceID == "i" && logs.follow && logs.tail == 5 && logs.after == 9_007_199_254_740_993)
        #expect(
            logs.since == WireTime(nanoseconds: 1_000_000_000) && logs.until == WireTime(nanoseconds: 2_000_000_000))
        #expect(logs.streams == [.stdout] && logs.phases == [.run, .build] && logs.limit == 7)
        let watch = try make(WatchParams.self, #"{"componentRef":"c","instanceId":"i"}"#)
        #expect(watch.componentRef == "c" && watch.instanceID == "i")
    }

    @Test func `positions follow the documented order`() throws {
        let logs = try make(
            LogsParams.self,
            #"["i",true,5,6,"1970-01-01T00:00:01Z","1970-01-01T00:00:02Z",["stderr"],["fetch"],7]"#)
        let named = try make(
            LogsParams.self,
            #"{"instanceId":"i","follow":true,"tail":5,"after":6,"since":"1970-01-01T00:00:01Z","until":"1970-01-01T00:00:02Z","streams":["stderr"],"phases":["fetch"],"limit":7}"#
        )
        #expect(logs == named)
        #expect(
            try make(StopParams.self, #"["i",3]"#) == make(StopParams.self, #"{"instanceId":"i","timeoutSeconds":3}"#))
        #expect(try make(WatchParams.self, #"[null,"i"]"#) == make(WatchParams.self, #"{"instanceId":"i"}"#))
    }

    @Test func `validate takes one subject`() throws {
        #expect(try make(ValidateParams.self, #"{"config":"a: 1"}"#).subject == .config(Array("a: 1".utf8)))
        #expect(try make(ValidateParams.self, #"{"config":{"a":1}}"#).subject == .config(Array(#"{"a":1}"#.utf8)))
        #expect(try make(ValidateParams.self, #"{"entity":{"a":1}}"#).subject == .entity(["a": 1]))
        #expect(
            try make(ValidateParams.self, #"{"source":{"location":"x"}}"#).subject == .source(.location("x", ref: nil)))
    }
}
