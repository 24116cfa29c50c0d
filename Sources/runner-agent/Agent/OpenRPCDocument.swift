// swift-format-ignore-file
// Written by Tests/support/embed-openrpc from Protocol/openrpc.json; do not edit.

/// What `rpc.discover` answers: Protocol/openrpc.json on one line.
enum OpenRPCDocument {
    static var bytes: [UInt8] { Array(text.utf8) }

    private static let text = #"""
        {\#
        "openrpc":"1.3.2"\#
        ,"info":{\#
        "title":"runner-agent"\#
        ,"version":"1"\#
        ,"description":"JSON-RPC 2.0, one message per line, over a unix socket or stdio. A method without `result` is a notification of the client; those of the agent are in `x-notifications`."\#
        }\#
        ,"methods":[\#
        {\#
        "name":"initialize"\#
        ,"summary":"The optional handshake."\#
        ,"description":"A client that never sends it gets protocol 1. With `processId`, a stdio agent exits when that process is gone. `onDisconnect: \"stop\"` stops what this connection started when it ends."\#
        ,"paramStructure":"either"\#
        ,"params":[{"name":"protocolVersions","required":false,"schema":{"type":"array","description":"The protocols the client speaks.","items":{"type":"integer"}}},{"name":"clientInfo","required":false,"schema":{"type":"object","properties":{"name":{"type":"string"},"version":{"type":"string"}},"required":["name"]}},{"name":"processId","required":false,"schema":{"type":["integer","null"],"description":"The process whose end ends a stdio agent.","minimum":1}},{"name":"onDisconnect","required":false,"schema":{"type":"string","description":"What becomes of the instances this connection started.","enum":["keep","stop"],"default":"keep"}}]\#
        ,"result":{"name":"result","schema":{"$ref":"#/components/schemas/initialize.result"}}\#
        ,"errors":[{"$ref":"#/components/errors/UNSUPPORTED_PROTOCOL"}]\#
        ,"examples":[{"name":"initialize","params":[{"name":"protocolVersions","value":[1]},{"name":"clientInfo","value":{"name":"backstage","version":"1.0.0"}}],"result":{"name":"result","value":{"protocolVersion":1,"agent":{"name":"runner-agent","version":"0.1.0"},"engine":{"name":"Docker","version":"29.1.3","apiVersion":"1.52"},"capabilities":{"batch":true},"limits":{"lineBytes":4194304,"nesting":64,"batch":100}}}}]\#
        }\#
        ,{\#
        "name":"agent.ping"\#
        ,"summary":"Asks whether the agent answers."\#
        ,"description":"Answered at once, whatever else is going on."\#
        ,"paramStructure":"either"\#
        ,"params":[]\#
        ,"result":{"name":"result","schema":{"$ref":"#/components/schemas/agent.ping.result"}}\#
        ,"examples":[{"name":"agent.ping","params":[],"result":{"name":"result","value":{}}}]\#
        }\#
        ,{\#
        "name":"agent.info"\#
        ,"summary":"Tells what the agent is doing and where it keeps things."\#
        ,"description":"Answered from memory; the engine is not asked."\#
        ,"paramStructure":"either"\#
        ,"params":[]\#
        ,"result":{"name":"result","schema":{"$ref":"#/components/schemas/agent.info.result"}}\#
        ,"examples":[{"name":"agent.info","params":[],"result":{"name":"result","value":{"name":"runner-agent","version":"0.1.0","protocolVersion":1,"processId":4711,"startedAt":"2026-01-02T03:00:00.000Z","uptimeMs":245123,"engine":{"name":"Docker","version":"29.1.3","apiVersion":"1.52","endpoint":"unix:///var/run/docker.sock","reachable":true},"socket":"/run/user/1000/runner-agent/agent.sock","paths":{"stateDirectory":"/home/ada/.local/state/runner-agent","cacheDirectory":"/home/ada/.cache/runner-agent"},"limits":{"lineBytes":4194304,"nesting":64,"batch":100},"counts":{"instances":1,"running":1}}}}]\#
        }\#
        ,{\#
        "name":"rpc.discover"\#
        ,"summary":"Returns this protocol as an OpenRPC document."\#
        ,"description":"The document is `openrpc.json`."\#
        ,"paramStructure":"either"\#
        ,"params":[]\#
        ,"result":{"name":"result","schema":{"$ref":"#/components/schemas/rpc.discover.result"}}\#
        ,"examples":[{"name":"rpc.discover","params":[],"result":{"name":"result","value":{"openrpc":"1.3.2","info":{"title":"runner-agent","version":"1"},"methods":[]}}}]\#
        }\#
        ,{\#
        "name":"shutdown"\#
        ,"summary":"Asks the agent to end its work."\#
        ,"description":"Over stdio, `shutdown` then `exit` end a session. Over the socket it is answered for the agent's own user only. Containers are kept."\#
        ,"paramStructure":"either"\#
        ,"params":[]\#
        ,"result":{"name":"result","schema":{"$ref":"#/components/schemas/shutdown.result"}}\#
        ,"errors":[{"$ref":"#/components/errors/PERMISSION_DENIED"}]\#
        ,"examples":[{"name":"shutdown","params":[],"result":{"name":"result","value":null}}]\#
        }\#
        ,{\#
        "name":"exit"\#
        ,"summary":"Ends a stdio session."\#
        ,"description":"A notification. What is still running is cut short; containers are kept unless the session said `onDisconnect: \"stop\"`."\#
        ,"paramStructure":"either"\#
        ,"params":[]\#
        ,"examples":[{"name":"exit","params":[]}]\#
        }\#
        ,{\#
        "name":"runner.start"\#
        ,"summary":"Builds and runs a component."\#
        ,"description":"At least one of `componentRef`, `entity` and `source` is needed. With `componentRef` alone the agent asks its catalog.\n\nThe answer comes at once, in `starting`, unless `wait` says otherwise. What needs no network, engine or source read fails as an error before any instance exists; everything later is an instance in `error`, and with `wait` other than `accepted` the request is answered with that failure and the `instanceId`. `running` means that the container has started and has not exited for 500 ms.\n\n`onExisting: \"reuse\"` waits for the commit to be known and answers the live instance with the same component, commit, config and overrides; without one it acts as `replace`. One `idempotencyKey` with the same params gives the same instance for 24 h. `_meta`, the key itself and the values of `credentials` and `buildSecrets` are not compared.\n\nA cancel before the answer is written gives `-32800` with the `instanceId`. With `_meta.progressToken` come `$/progress` notifications."\#
        ,"paramStructure":"by-name"\#
        ,"params":[{"name":"componentRef","required":false,"schema":{"type":"string","description":"As in `component:default/web`; given by `entity`, else made from the source's last path segment.","minLength":1}},{"name":"entity","required":false,"schema":{"type":"object","description":"A Backstage entity."}},{"name":"source","required":false,"schema":{"description":"Where the source is.","oneOf":[{"type":"object","properties":{"location":{"type":"string","description":"As in `url:https://github.com/o/r/tree/main/sub/`.","minLength":1},"ref":{"type":"string","description":"A branch, tag or commit; wins over the location's.","minLength":1}},"required":["location"],"additionalProperties":false},{"type":"object","properties":{"path":{"type":"string","description":"An absolute directory, read in place.","pattern":"^/"}},"required":["path"],"additionalProperties":false}]}},{"name":"configPath","required":false,"schema":{"type":"string","description":"Relative to the component's directory.","minLength":1,"default":".runner/config.yml"}},{"name":"config","required":false,"schema":{"description":"The config itself, instead of the file: an object, or YAML text.","type":["object","string"]}},{"name":"credentials","required":false,"schema":{"type":"object","properties":{"token":{"type":"string","description":"Used for this start only; never stored, never logged.","minLength":1}},"required":["token"],"additionalProperties":false}},{"name":"onExisting","required":false,"schema":{"type":"string","description":"What to do about the instance that runs now.","enum":["replace","reject","reuse"],"default":"replace"}},{"name":"idempotencyKey","required":false,"schema":{"type":"string","description":"Makes a repeated call answer the same instance.","minLength":1,"maxLength":256}},{"name":"environment","required":false,"schema":{"type":"object","description":"Merged over the config's, by name.","additionalProperties":{"type":["string","number","boolean"]}}},{"name":"ports","required":false,"schema":{"type":"array","description":"Replaces the config's list: `3000`, `\"8080:3000\"` (host:container), `\"auto:3000\"`.","items":{"type":["integer","string"]}}},{"name":"buildSecrets","required":false,"schema":{"type":"object","description":"Values for `RUN --mount=type=secret`, by id; this start only, never stored.","additionalProperties":{"type":"string"}}},{"name":"wait","required":false,"schema":{"type":"string","description":"When to answer.","enum":["accepted","running","healthy"],"default":"accepted"}},{"name":"timeoutSeconds","required":false,"schema":{"type":"integer","description":"Bounds the start, which then fails with START_TIMEOUT.","minimum":1,"maximum":86400,"default":1800}},{"name":"ttlSeconds","required":false,"schema":{"type":"integer","description":"The instance is stopped this long after `running`.","minimum":1,"maximum":31536000}},{"name":"_meta","required":false,"schema":{"type":"object","description":"Members not known here are ignored.","properties":{"progressToken":{"description":"Asks for `$/progress` under this token.","type":["string","number"]},"requestedBy":{"type":"string","description":"Kept with the instance, for audit.","minLength":1,"maxLength":1024},"traceparent":{"type":"string","description":"W3C trace context."}}}}]\#
        ,"result":{"name":"result","schema":{"$ref":"#/components/schemas/runner.start.result"}}\#
        ,"errors":[{"$ref":"#/components/errors/NOT_ENABLED"},{"$ref":"#/components/errors/SOURCE_UNKNOWN"},{"$ref":"#/components/errors/INVALID_LOCATION"},{"$ref":"#/components/errors/INVALID_ENTITY_REF"},{"$ref":"#/components/errors/UNSUPPORTED_HOST"},{"$ref":"#/components/errors/ALREADY_RUNNING"},{"$ref":"#/components/errors/IDEMPOTENCY_CONFLICT"},{"$ref":"#/components/errors/BUSY"},{"$ref":"#/components/errors/STATE_UNWRITABLE"},{"$ref":"#/components/errors/SHUTTING_DOWN"},{"$ref":"#/components/errors/REPOSITORY_NOT_FOUND"},{"$ref":"#/components/errors/REF_NOT_FOUND"},{"$ref":"#/components/errors/DIRECTORY_NOT_FOUND"},{"$ref":"#/components/errors/UNAUTHORIZED"},{"$ref":"#/components/errors/FORBIDDEN"},{"$ref":"#/components/errors/SSO_REQUIRED"},{"$ref":"#/components/errors/RATE_LIMITED"},{"$ref":"#/components/errors/LEGALLY_BLOCKED"},{"$ref":"#/components/errors/NETWORK"},{"$ref":"#/components/errors/TLS"},{"$ref":"#/components/errors/TIMEOUT"},{"$ref":"#/components/errors/GITHUB_UNAVAILABLE"},{"$ref":"#/components/errors/CATALOG_UNAVAILABLE"},{"$ref":"#/components/errors/ARCHIVE_INVALID"},{"$ref":"#/components/errors/ARCHIVE_UNSAFE"},{"$ref":"#/components/errors/ARCHIVE_TOO_LARGE"},{"$ref":"#/components/errors/CONFIG_NOT_FOUND"},{"$ref":"#/components/errors/CONFIG_INVALID"},{"$ref":"#/components/errors/DOCKERFILE_NOT_FOUND"},{"$ref":"#/components/errors/PORT_IN_USE"},{"$ref":"#/components/errors/PORT_FORBIDDEN"},{"$ref":"#/components/errors/ENGINE_UNAVAILABLE"},{"$ref":"#/components/errors/ENGINE_UNSUPPORTED"},{"$ref":"#/components/errors/ENGINE_ERROR"},{"$ref":"#/components/errors/START_TIMEOUT"},{"$ref":"#/components/errors/BUILD_FAILED"},{"$ref":"#/components/errors/IMAGE_PULL_FAILED"},{"$ref":"#/components/errors/IMAGE_PULL_DENIED"},{"$ref":"#/components/errors/BUILD_TIMEOUT"},{"$ref":"#/components/errors/CONTAINER_START_FAILED"},{"$ref":"#/components/errors/CONTAINER_EXITED"},{"$ref":"#/components/errors/OUT_OF_MEMORY"},{"$ref":"#/components/errors/UNHEALTHY"},{"$ref":"#/components/errors/SUPERSEDED"},{"$ref":"#/components/errors/INTERRUPTED"},{"$ref":"#/components/errors/DISK_FULL"},{"$ref":"#/components/errors/CANCELLED"}]\#
        ,"examples":[{"name":"runner.start","params":[{"name":"componentRef","value":"component:default/web"},{"name":"source","value":{"location":"url:https://github.com/octo/web/tree/main/"}},{"name":"environment","value":{"NODE_ENV":"production"}}],"result":{"name":"result","value":{"id":"0b7e3c1e-8f3f-4a3c-9a77-1d2f9a1c0001","componentRef":"component:default/web","status":"starting","ports":[],"startedAt":"2026-01-02T03:04:05.123Z","endpoints":[],"health":"none","source":{"type":"github","location":"url:https://github.com/octo/web/tree/main/","repository":"octo/web","ref":"main","directory":""},"warnings":[],"timings":{},"revision":1,"phase":"resolving"}}}]\#
        }\#
        ,{\#
        "name":"runner.stop"\#
        ,"summary":"Stops an instance, or cancels its start."\#
        ,"description":"Answered when the instance is terminal. Stopping a stopped instance is success."\#
        ,"paramStructure":"either"\#
        ,"params":[{"name":"instanceId","required":true,"schema":{"type":"string","description":"The instance's id."}},{"name":"timeoutSeconds","required":false,"schema":{"type":"integer","description":"How long the container may take before it is killed.","minimum":0,"maximum":3600,"default":10}}]\#
        ,"result":{"name":"result","schema":{"$ref":"#/components/schemas/runner.stop.result"}}\#
        ,"errors":[{"$ref":"#/components/errors/INSTANCE_NOT_FOUND"},{"$ref":"#/components/errors/ENGINE_UNAVAILABLE"},{"$ref":"#/components/errors/ENGINE_ERROR"},{"$ref":"#/components/errors/STATE_UNWRITABLE"}]\#
        ,"examples":[{"name":"runner.stop","params":[{"name":"instanceId","value":"0b7e3c1e-8f3f-4a3c-9a77-1d2f9a1c0001"}],"result":{"name":"result","value":{"id":"0b7e3c1e-8f3f-4a3c-9a77-1d2f9a1c0001","componentRef":"component:default/web","status":"stopped","containerId":"4f66ad9a0b2e","ports":[3000],"startedAt":"2026-01-02T03:04:05.123Z","endpoints":[{"containerPort":3000,"hostIp":"0.0.0.0","hostPort":3000,"url":"http://localhost:3000"}],"health":"none","source":{"type":"github","location":"url:https://github.com/octo/web/tree/main/","repository":"octo/web","ref":"main","commit":"7fd1a60b01f91b314f59955a4e4d4e80d8edf11d","directory":""},"image":{"id":"sha256:9c7a54a9a43c","cached":false},"warnings":[],"timings":{"resolvingMs":212,"fetchingMs":840,"buildingMs":15320},"revision":12,"stoppedAt":"2026-01-02T04:00:00.000Z","exitCode":0}}}]\#
        }\#
        ,{\#
        "name":"runner.list"\#
        ,"summary":"Lists instances, newest first."\#
        ,"description":"`nextCursor` is opaque; it is absent on the last page."\#
        ,"paramStructure":"either"\#
        ,"params":[{"name":"componentRef","required":false,"schema":{"type":"string","description":"Only of this component."}},{"name":"status","required":false,"schema":{"type":"array","description":"Only in one of these.","items":{"type":"string","enum":["starting","running","stopping","stopped","error"]}}},{"name":"limit","required":false,"schema":{"type":"integer","description":"Of one page.","minimum":1,"maximum":1000}},{"name":"cursor","required":false,"schema":{"type":"string","description":"`nextCursor` of the page before."}}]\#
        ,"result":{"name":"result","schema":{"$ref":"#/components/schemas/runner.list.result"}}\#
        ,"examples":[{"name":"runner.list","params":[{"name":"status","value":["running"]}],"result":{"name":"result","value":{"instances":[{"id":"0b7e3c1e-8f3f-4a3c-9a77-1d2f9a1c0001","componentRef":"component:default/web","status":"running","containerId":"4f66ad9a0b2e","ports":[3000],"startedAt":"2026-01-02T03:04:05.123Z","endpoints":[{"containerPort":3000,"hostIp":"0.0.0.0","hostPort":3000,"url":"http://localhost:3000"}],"health":"healthy","source":{"type":"github","location":"url:https://github.com/octo/web/tree/main/","repository":"octo/web","ref":"main","commit":"7fd1a60b01f91b314f59955a4e4d4e80d8edf11d","directory":""},"image":{"id":"sha256:9c7a54a9a43c","cached":false},"warnings":[],"timings":{"resolvingMs":212,"fetchingMs":840,"buildingMs":15320},"revision":9}]}}}]\#
        }\#
        ,{\#
        "name":"runner.get"\#
        ,"summary":"Returns one instance."\#
        ,"description":"Terminal instances can be read until history retention or `runner.remove` drops them."\#
        ,"paramStructure":"either"\#
        ,"params":[{"name":"instanceId","required":true,"schema":{"type":"string","description":"The instance's id."}}]\#
        ,"result":{"name":"result","schema":{"$ref":"#/components/schemas/runner.get.result"}}\#
        ,"errors":[{"$ref":"#/components/errors/INSTANCE_NOT_FOUND"}]\#
        ,"examples":[{"name":"runner.get","params":[{"name":"instanceId","value":"0b7e3c1e-8f3f-4a3c-9a77-1d2f9a1c0001"}],"result":{"name":"result","value":{"id":"0b7e3c1e-8f3f-4a3c-9a77-1d2f9a1c0001","componentRef":"component:default/web","status":"running","containerId":"4f66ad9a0b2e","ports":[3000],"startedAt":"2026-01-02T03:04:05.123Z","endpoints":[{"containerPort":3000,"hostIp":"0.0.0.0","hostPort":3000,"url":"http://localhost:3000"}],"health":"healthy","source":{"type":"github","location":"url:https://github.com/octo/web/tree/main/","repository":"octo/web","ref":"main","commit":"7fd1a60b01f91b314f59955a4e4d4e80d8edf11d","directory":""},"image":{"id":"sha256:9c7a54a9a43c","cached":false},"warnings":[],"timings":{"resolvingMs":212,"fetchingMs":840,"buildingMs":15320},"revision":9}}}]\#
        }\#
        ,{\#
        "name":"runner.remove"\#
        ,"summary":"Drops a terminal instance with its logs."\#
        ,"description":"An instance that is not terminal is refused: stop it first. Log subscriptions of it end with reason `removed`."\#
        ,"paramStructure":"either"\#
        ,"params":[{"name":"instanceId","required":true,"schema":{"type":"string","description":"The instance's id."}}]\#
        ,"result":{"name":"result","schema":{"$ref":"#/components/schemas/runner.remove.result"}}\#
        ,"errors":[{"$ref":"#/components/errors/INSTANCE_NOT_FOUND"},{"$ref":"#/components/errors/BUSY"},{"$ref":"#/components/errors/STATE_UNWRITABLE"}]\#
        ,"examples":[{"name":"runner.remove","params":[{"name":"instanceId","value":"0b7e3c1e-8f3f-4a3c-9a77-1d2f9a1c0001"}],"result":{"name":"result","value":{}}}]\#
        }\#
        ,{\#
        "name":"runner.logs"\#
        ,"summary":"Reads log records, or subscribes to them."\#
        ,"description":"Without `follow` the answer is one page, which also ends where a line must (`limits.outboundLineBytes`); then `truncated` is true and `nextSeq - 1` is the `after` of the next page. With `follow` the answer is the acknowledgement; the records come as `runner.log`, and one `runner.log.end` is always the last.\n\n`after` is the last `seq` seen: resuming with it never repeats and never skips silently. `follow` without `after`, `tail` or `since` starts at the oldest kept record."\#
        ,"paramStructure":"either"\#
        ,"params":[{"name":"instanceId","required":true,"schema":{"type":"string","description":"The instance's id."}},{"name":"follow","required":false,"schema":{"type":"boolean","description":"Subscribe.","default":false}},{"name":"tail","required":false,"schema":{"type":"integer","description":"At most this many of the newest records.","minimum":0}},{"name":"after","required":false,"schema":{"type":"integer","description":"The last `seq` the client has seen.","minimum":0}},{"name":"since","required":false,"schema":{"type":"string","description":"Not older than this.","format":"date-time"}},{"name":"until","required":false,"schema":{"type":"string","description":"Not newer than this.","format":"date-time"}},{"name":"streams","required":false,"schema":{"type":"array","description":"Only of these.","items":{"type":"string","enum":["stdout","stderr","agent"]}}},{"name":"phases","required":false,"schema":{"type":"array","description":"Only of these.","items":{"type":"string","enum":["fetch","build","run","health","lifecycle"]}}},{"name":"limit","required":false,"schema":{"type":"integer","description":"Records of one page.","minimum":1,"maximum":10000,"default":1000}}]\#
        ,"result":{"name":"result","schema":{"$ref":"#/components/schemas/runner.logs.result"}}\#
        ,"errors":[{"$ref":"#/components/errors/INSTANCE_NOT_FOUND"},{"$ref":"#/components/errors/LOG_CURSOR_INVALID"},{"$ref":"#/components/errors/TOO_MANY_SUBSCRIPTIONS"}]\#
        ,"examples":[{"name":"runner.logs","params":[{"name":"instanceId","value":"0b7e3c1e-8f3f-4a3c-9a77-1d2f9a1c0001"},{"name":"after","value":0}],"result":{"name":"result","value":{"records":[{"seq":1,"time":"2026-01-02T03:04:21.007Z","phase":"run","stream":"stdout","text":"listening on 3000"}],"nextSeq":2,"truncated":false}}}]\#
        }\#
        ,{\#
        "name":"runner.watch"\#
        ,"summary":"Returns a snapshot, then tells every change."\#
        ,"description":"Changes come as `runner.instance`; several changes of one instance may come as one. The subscription ends with `runner.unsubscribe` or with the connection."\#
        ,"paramStructure":"either"\#
        ,"params":[{"name":"componentRef","required":false,"schema":{"type":"string","description":"Only of this component."}},{"name":"instanceId","required":false,"schema":{"type":"string","description":"Only this instance."}}]\#
        ,"result":{"name":"result","schema":{"$ref":"#/components/schemas/runner.watch.result"}}\#
        ,"errors":[{"$ref":"#/components/errors/INSTANCE_NOT_FOUND"},{"$ref":"#/components/errors/TOO_MANY_SUBSCRIPTIONS"}]\#
        ,"examples":[{"name":"runner.watch","params":[{"name":"componentRef","value":"component:default/web"}],"result":{"name":"result","value":{"subscriptionId":"w1","instances":[{"id":"0b7e3c1e-8f3f-4a3c-9a77-1d2f9a1c0001","componentRef":"component:default/web","status":"running","containerId":"4f66ad9a0b2e","ports":[3000],"startedAt":"2026-01-02T03:04:05.123Z","endpoints":[{"containerPort":3000,"hostIp":"0.0.0.0","hostPort":3000,"url":"http://localhost:3000"}],"health":"healthy","source":{"type":"github","location":"url:https://github.com/octo/web/tree/main/","repository":"octo/web","ref":"main","commit":"7fd1a60b01f91b314f59955a4e4d4e80d8edf11d","directory":""},"image":{"id":"sha256:9c7a54a9a43c","cached":false},"warnings":[],"timings":{"resolvingMs":212,"fetchingMs":840,"buildingMs":15320},"revision":9}]}}}]\#
        }\#
        ,{\#
        "name":"runner.unsubscribe"\#
        ,"summary":"Ends a subscription of this connection."\#
        ,"description":"A log subscription still gets its `runner.log.end`, with reason `unsubscribed`."\#
        ,"paramStructure":"either"\#
        ,"params":[{"name":"subscriptionId","required":true,"schema":{"type":"string"}}]\#
        ,"result":{"name":"result","schema":{"$ref":"#/components/schemas/runner.unsubscribe.result"}}\#
        ,"errors":[{"$ref":"#/components/errors/SUBSCRIPTION_NOT_FOUND"}]\#
        ,"examples":[{"name":"runner.unsubscribe","params":[{"name":"subscriptionId","value":"w1"}],"result":{"name":"result","value":{}}}]\#
        }\#
        ,{\#
        "name":"runner.validate"\#
        ,"summary":"Reads and checks what a start would use; starts nothing."\#
        ,"description":"Exactly one param is given."\#
        ,"paramStructure":"either"\#
        ,"params":[{"name":"source","required":false,"schema":{"description":"Where the source is.","oneOf":[{"type":"object","properties":{"location":{"type":"string","description":"As in `url:https://github.com/o/r/tree/main/sub/`.","minLength":1},"ref":{"type":"string","description":"A branch, tag or commit; wins over the location's.","minLength":1}},"required":["location"]},{"type":"object","properties":{"path":{"type":"string","description":"An absolute directory, read in place.","pattern":"^/"}},"required":["path"]}]}},{"name":"entity","required":false,"schema":{"type":"object","description":"A Backstage entity."}},{"name":"config","required":false,"schema":{"description":"The config itself: an object, or YAML text.","type":["object","string"]}}]\#
        ,"result":{"name":"result","schema":{"$ref":"#/components/schemas/runner.validate.result"}}\#
        ,"errors":[{"$ref":"#/components/errors/NOT_ENABLED"},{"$ref":"#/components/errors/SOURCE_UNKNOWN"},{"$ref":"#/components/errors/INVALID_LOCATION"},{"$ref":"#/components/errors/INVALID_ENTITY_REF"},{"$ref":"#/components/errors/UNSUPPORTED_HOST"},{"$ref":"#/components/errors/REPOSITORY_NOT_FOUND"},{"$ref":"#/components/errors/REF_NOT_FOUND"},{"$ref":"#/components/errors/DIRECTORY_NOT_FOUND"},{"$ref":"#/components/errors/UNAUTHORIZED"},{"$ref":"#/components/errors/FORBIDDEN"},{"$ref":"#/components/errors/SSO_REQUIRED"},{"$ref":"#/components/errors/RATE_LIMITED"},{"$ref":"#/components/errors/LEGALLY_BLOCKED"},{"$ref":"#/components/errors/NETWORK"},{"$ref":"#/components/errors/TLS"},{"$ref":"#/components/errors/TIMEOUT"},{"$ref":"#/components/errors/GITHUB_UNAVAILABLE"},{"$ref":"#/components/errors/ARCHIVE_INVALID"},{"$ref":"#/components/errors/ARCHIVE_UNSAFE"},{"$ref":"#/components/errors/ARCHIVE_TOO_LARGE"},{"$ref":"#/components/errors/CONFIG_NOT_FOUND"},{"$ref":"#/components/errors/DOCKERFILE_NOT_FOUND"},{"$ref":"#/components/errors/DISK_FULL"},{"$ref":"#/components/errors/STATE_UNWRITABLE"}]\#
        ,"examples":[{"name":"runner.validate","params":[{"name":"config","value":"runner:\n  type: docker\n  ports: []\n"}],"result":{"name":"result","value":{"config":null,"warnings":[],"diagnostics":[{"line":3,"column":10,"path":"runner.ports","message":"must not be empty"}]}}}]\#
        }\#
        ,{\#
        "name":"$/cancelRequest"\#
        ,"summary":"Cancels running requests of this connection."\#
        ,"description":"A notification. Every running request with that id is answered, with `-32800` and `data.code: \"CANCELLED\"`, or with its result when that came first. An unknown id is ignored."\#
        ,"paramStructure":"either"\#
        ,"params":[{"name":"id","required":true,"schema":{"description":"The id of the running request.","type":["string","number","null"]}}]\#
        ,"examples":[{"name":"$/cancelRequest","params":[{"name":"id","value":7}]}]\#
        }\#
        ,{\#
        "name":"notifications/cancelled"\#
        ,"summary":"Cancels running requests of this connection, by the name MCP clients use."\#
        ,"description":"A notification; means the same as `$/cancelRequest`. A `reason` is ignored."\#
        ,"paramStructure":"either"\#
        ,"params":[{"name":"requestId","required":true,"schema":{"description":"The id of the running request.","type":["string","number","null"]}}]\#
        ,"examples":[{"name":"notifications/cancelled","params":[{"name":"requestId","value":7}]}]\#
        }\#
        ]\#
        ,"x-notifications":[\#
        {\#
        "name":"runner.log"\#
        ,"summary":"New records of a log subscription."\#
        ,"description":"1 to 512 records a line, and at most 1 MiB unless one record alone is longer."\#
        ,"paramStructure":"by-name"\#
        ,"params":[{"name":"subscriptionId","required":true,"schema":{"type":"string"}},{"name":"instanceId","required":true,"schema":{"type":"string","description":"The instance's id."}},{"name":"records","required":true,"schema":{"type":"array","items":{"$ref":"#/components/schemas/Record"},"minItems":1,"maxItems":512}},{"name":"lastSeq","required":true,"schema":{"type":"integer","description":"The `after` to resume with; may lie past records that a filter left out."}}]\#
        ,"examples":[{"name":"runner.log","params":[{"name":"subscriptionId","value":"l1"},{"name":"instanceId","value":"0b7e3c1e-8f3f-4a3c-9a77-1d2f9a1c0001"},{"name":"records","value":[{"seq":1,"time":"2026-01-02T03:04:21.007Z","phase":"run","stream":"stdout","text":"listening on 3000"}]},{"name":"lastSeq","value":1}]}]\#
        }\#
        ,{\#
        "name":"runner.log.end"\#
        ,"summary":"The one last notification of a log subscription."\#
        ,"description":"`ended`: the instance is terminal and all its records were sent. `removed`: it was dropped. `shutdown`: the agent ends; resume with another."\#
        ,"paramStructure":"by-name"\#
        ,"params":[{"name":"subscriptionId","required":true,"schema":{"type":"string"}},{"name":"instanceId","required":true,"schema":{"type":"string","description":"The instance's id."}},{"name":"reason","required":true,"schema":{"type":"string","description":"Why it ended.","enum":["ended","unsubscribed","removed","shutdown"]}},{"name":"nextSeq","required":true,"schema":{"type":"integer","description":"`nextSeq - 1` is the `after` to resume with."}}]\#
        ,"examples":[{"name":"runner.log.end","params":[{"name":"subscriptionId","value":"l1"},{"name":"instanceId","value":"0b7e3c1e-8f3f-4a3c-9a77-1d2f9a1c0001"},{"name":"reason","value":"ended"},{"name":"nextSeq","value":2}]}]\#
        }\#
        ,{\#
        "name":"runner.instance"\#
        ,"summary":"An instance of a watch changed."\#
        ,"description":"Carries the whole instance; a smaller `revision` than one already seen is old."\#
        ,"paramStructure":"by-name"\#
        ,"params":[{"name":"subscriptionId","required":true,"schema":{"type":"string"}},{"name":"instance","required":true,"schema":{"$ref":"#/components/schemas/Instance"}}]\#
        ,"examples":[{"name":"runner.instance","params":[{"name":"subscriptionId","value":"w1"},{"name":"instance","value":{"id":"0b7e3c1e-8f3f-4a3c-9a77-1d2f9a1c0001","componentRef":"component:default/web","status":"running","containerId":"4f66ad9a0b2e","ports":[3000],"startedAt":"2026-01-02T03:04:05.123Z","endpoints":[{"containerPort":3000,"hostIp":"0.0.0.0","hostPort":3000,"url":"http://localhost:3000"}],"health":"healthy","source":{"type":"github","location":"url:https://github.com/octo/web/tree/main/","repository":"octo/web","ref":"main","commit":"7fd1a60b01f91b314f59955a4e4d4e80d8edf11d","directory":""},"image":{"id":"sha256:9c7a54a9a43c","cached":false},"warnings":[],"timings":{"resolvingMs":212,"fetchingMs":840,"buildingMs":15320},"revision":9}}]}]\#
        }\#
        ,{\#
        "name":"$/progress"\#
        ,"summary":"How a start comes along."\#
        ,"description":"At most 10 a second, one `end`. With `wait` other than `accepted` the `end` comes before the answer."\#
        ,"paramStructure":"by-name"\#
        ,"params":[{"name":"token","required":true,"schema":{"description":"As the client gave it.","type":["string","number"]}},{"name":"value","required":true,"schema":{"type":"object","properties":{"kind":{"type":"string","description":"One `begin`, any number of `report`, one `end`.","enum":["begin","report","end"]},"phase":{"type":"string","description":"How far the start has come.","enum":["resolving","fetching","configuring","building","creating","starting","checking"]},"message":{"type":"string"},"current":{"type":"integer"},"total":{"type":"integer"},"unit":{"type":"string","description":"What `current` and `total` count."}},"required":["kind","message"]}}]\#
        ,"examples":[{"name":"$/progress","params":[{"name":"token","value":7},{"name":"value","value":{"kind":"report","phase":"fetching","message":"Downloading octo/web","current":524288,"unit":"bytes"}}]}]\#
        }\#
        ]\#
        ,"components":{\#
        "schemas":{\#
        "Diagnostic":{"type":"object","description":"One fault in a file, with its place.","properties":{"line":{"type":"integer","description":"Counted from 1.","minimum":1},"column":{"type":"integer","description":"Counted from 1.","minimum":1},"path":{"type":"string","description":"The key path, as in `runner.ports[0]`."},"message":{"type":"string"}},"required":["line","column","path","message"]}\#
        ,"Failure":{"type":"object","description":"Why a start or a call failed. Further string members name facts such as `member`, `limit`, `holder` or `retryAt`.","properties":{"code":{"type":"string","description":"What clients switch on; see the error codes. Expect strings you do not know."},"phase":{"type":"string","description":"The phase the start was in.","enum":["resolving","fetching","configuring","building","creating","starting","checking"]},"message":{"type":"string","description":"The cause in one sentence, for people."},"hint":{"type":"string","description":"What to do about it."},"retryable":{"type":"boolean","description":"Whether the same call may succeed later."},"retryAfterMs":{"type":"integer","description":"How long to wait before that.","minimum":0},"step":{"type":"string","description":"The build step that failed."},"exitCode":{"type":"integer","description":"Of the container or the build step."},"oomKilled":{"type":"boolean","description":"The container was killed for want of memory."},"lastProbe":{"type":"string","description":"What the last health probe got."},"logTail":{"type":"array","description":"The newest log lines, oldest first.","items":{"type":"string"}},"diagnostics":{"type":"array","description":"Faults of the config.","items":{"$ref":"#/components/schemas/Diagnostic"}},"instanceId":{"type":"string","description":"The instance concerned."}},"required":["code","message","retryable"]}\#
        ,"Record":{"description":"One log record, or a gap where records are missing.","oneOf":[{"type":"object","properties":{"seq":{"type":"integer","description":"Grows by one per record of the instance.","minimum":1},"time":{"type":"string","description":"When the agent received it.","format":"date-time"},"phase":{"type":"string","description":"What the agent was doing.","enum":["fetch","build","run","health","lifecycle"]},"stream":{"type":"string","description":"Who wrote it.","enum":["stdout","stderr","agent"]},"text":{"type":"string","description":"The line without its newline, when it is valid UTF-8."},"base64":{"type":"string","description":"The bytes of the line, when they are not.","contentEncoding":"base64"},"partial":{"description":"The line has not ended; the next record of this stream continues it.","const":true},"truncated":{"description":"The line was longer than is kept.","const":true}},"required":["seq","time","phase","stream"],"oneOf":[{"required":["text"]},{"required":["base64"]}]},{"type":"object","properties":{"gap":{"type":"object","properties":{"from":{"type":"integer","description":"The first missing number."},"to":{"type":"integer","description":"The last missing number."},"reason":{"type":"string","description":"Why they are missing."}},"required":["from","to","reason"]}},"required":["gap"]}]}\#
        ,"Instance":{"type":"object","description":"One run of a component.","properties":{"id":{"type":"string","description":"A UUID.","format":"uuid"},"componentRef":{"type":"string","description":"As in `component:default/web`."},"status":{"type":"string","description":"What it is doing.","enum":["starting","running","stopping","stopped","error"]},"containerId":{"type":"string"},"ports":{"type":"array","description":"Host ports.","items":{"type":"integer"}},"startedAt":{"type":"string","description":"When the start was accepted.","format":"date-time"},"stoppedAt":{"type":"string","description":"When it became terminal.","format":"date-time"},"error":{"type":"string","description":"The failure in one line."},"phase":{"type":"string","description":"How far a start has come, or came.","enum":["resolving","fetching","configuring","building","creating","starting","checking"]},"endpoints":{"type":"array","description":"Where its ports can be reached.","items":{"type":"object","properties":{"containerPort":{"type":"integer"},"hostIp":{"type":"string"},"hostPort":{"type":"integer"},"url":{"type":"string"}},"required":["containerPort","hostIp","hostPort","url"]}},"health":{"type":"string","description":"What the health check says; it does not gate `status`.","enum":["none","starting","healthy","unhealthy"]},"source":{"description":"Where the source came from.","oneOf":[{"type":"object","properties":{"type":{"const":"github"},"location":{"type":"string"},"repository":{"type":"string","description":"`owner/name`."},"ref":{"type":"string"},"commit":{"type":"string","description":"Absent until the ref is resolved."},"directory":{"type":"string","description":"Inside the repository; empty for its root."}},"required":["type","location","repository","ref","directory"]},{"type":"object","properties":{"type":{"const":"directory"},"path":{"type":"string"}},"required":["type","path"]}]},"image":{"type":"object","properties":{"id":{"type":"string"},"cached":{"type":"boolean","description":"It was not built for this start."}},"required":["id","cached"]},"exitCode":{"type":"integer"},"failure":{"$ref":"#/components/schemas/Failure"},"warnings":{"type":"array","items":{"type":"string"}},"timings":{"type":"object","description":"Milliseconds each finished phase took, as `resolvingMs`.","additionalProperties":{"type":"integer","minimum":0}},"revision":{"type":"integer","description":"Grows with every change."},"stale":{"description":"The engine does not answer; this is what was last known.","const":true}},"required":["id","componentRef","status","ports","startedAt","endpoints","health","source","warnings","timings","revision"]}\#
        ,"initialize.params":{"description":"Params of `initialize`.","type":"object","properties":{"protocolVersions":{"type":"array","description":"The protocols the client speaks.","items":{"type":"integer"}},"clientInfo":{"type":"object","properties":{"name":{"type":"string"},"version":{"type":"string"}},"required":["name"]},"processId":{"type":["integer","null"],"description":"The process whose end ends a stdio agent.","minimum":1},"onDisconnect":{"type":"string","description":"What becomes of the instances this connection started.","enum":["keep","stop"],"default":"keep"}}}\#
        ,"initialize.result":{"description":"Result of `initialize`.","type":"object","properties":{"protocolVersion":{"type":"integer"},"agent":{"type":"object","properties":{"name":{"type":"string"},"version":{"type":"string"}},"required":["name","version"]},"engine":{"type":["object","null"],"properties":{"name":{"type":"string"},"version":{"type":"string"},"apiVersion":{"type":"string"}},"required":["name","version","apiVersion"],"description":"Null when no engine has answered yet."},"capabilities":{"type":"object","properties":{"methods":{"type":"array","items":{"type":"string"}},"notifications":{"type":"array","items":{"type":"string"}},"batch":{"type":"boolean"}}},"limits":{"type":"object","description":"The limits by name.","additionalProperties":{"type":"integer"}}},"required":["protocolVersion","agent","engine","capabilities","limits"]}\#
        ,"agent.ping.params":{"description":"Params of `agent.ping`.","type":"object","properties":{}}\#
        ,"agent.ping.result":{"description":"Result of `agent.ping`.","type":"object","properties":{}}\#
        ,"agent.info.params":{"description":"Params of `agent.info`.","type":"object","properties":{}}\#
        ,"agent.info.result":{"description":"Result of `agent.info`.","type":"object","properties":{"name":{"type":"string"},"version":{"type":"string"},"protocolVersion":{"type":"integer"},"processId":{"type":"integer"},"startedAt":{"type":"string","description":"When the agent started.","format":"date-time"},"uptimeMs":{"type":"integer"},"engine":{"type":"object","properties":{"name":{"type":"string"},"version":{"type":"string"},"apiVersion":{"type":"string"},"endpoint":{"type":"string"},"reachable":{"type":"boolean"},"problem":{"type":"string","description":"Why it is not reachable."}},"required":["endpoint","reachable"]},"socket":{"type":"string","description":"The listening socket; absent when there is none."},"paths":{"type":"object","properties":{"stateDirectory":{"type":"string"},"cacheDirectory":{"type":"string"}},"required":["stateDirectory","cacheDirectory"]},"limits":{"type":"object","description":"The limits by name.","additionalProperties":{"type":"integer"}},"counts":{"type":"object","description":"Such as `instances` and `connections`.","additionalProperties":{"type":"integer"}}},"required":["name","version","protocolVersion","processId","startedAt","uptimeMs","engine","paths","limits","counts"]}\#
        ,"rpc.discover.params":{"description":"Params of `rpc.discover`.","type":"object","properties":{}}\#
        ,"rpc.discover.result":{"description":"Result of `rpc.discover`.","type":"object","properties":{"openrpc":{"type":"string"},"info":{"type":"object"},"methods":{"type":"array","items":{"type":"object"}},"x-notifications":{"type":"array","description":"What the agent sends of itself, in the shape of methods.","items":{"type":"object"}},"components":{"type":"object","description":"The schemas and errors that the methods refer to."}},"required":["openrpc","info","methods"]}\#
        ,"shutdown.params":{"description":"Params of `shutdown`.","type":"object","properties":{}}\#
        ,"shutdown.result":{"description":"Result of `shutdown`.","type":"null"}\#
        ,"exit.params":{"description":"Params of `exit`.","type":"object","properties":{}}\#
        ,"runner.start.params":{"description":"Params of `runner.start`.","type":"object","properties":{"componentRef":{"type":"string","description":"As in `component:default/web`; given by `entity`, else made from the source's last path segment.","minLength":1},"entity":{"type":"object","description":"A Backstage entity."},"source":{"description":"Where the source is.","oneOf":[{"type":"object","properties":{"location":{"type":"string","description":"As in `url:https://github.com/o/r/tree/main/sub/`.","minLength":1},"ref":{"type":"string","description":"A branch, tag or commit; wins over the location's.","minLength":1}},"required":["location"],"additionalProperties":false},{"type":"object","properties":{"path":{"type":"string","description":"An absolute directory, read in place.","pattern":"^/"}},"required":["path"],"additionalProperties":false}]},"configPath":{"type":"string","description":"Relative to the component's directory.","minLength":1,"default":".runner/config.yml"},"config":{"description":"The config itself, instead of the file: an object, or YAML text.","type":["object","string"]},"credentials":{"type":"object","properties":{"token":{"type":"string","description":"Used for this start only; never stored, never logged.","minLength":1}},"required":["token"],"additionalProperties":false},"onExisting":{"type":"string","description":"What to do about the instance that runs now.","enum":["replace","reject","reuse"],"default":"replace"},"idempotencyKey":{"type":"string","description":"Makes a repeated call answer the same instance.","minLength":1,"maxLength":256},"environment":{"type":"object","description":"Merged over the config's, by name.","additionalProperties":{"type":["string","number","boolean"]}},"ports":{"type":"array","description":"Replaces the config's list: `3000`, `\"8080:3000\"` (host:container), `\"auto:3000\"`.","items":{"type":["integer","string"]}},"buildSecrets":{"type":"object","description":"Values for `RUN --mount=type=secret`, by id; this start only, never stored.","additionalProperties":{"type":"string"}},"wait":{"type":"string","description":"When to answer.","enum":["accepted","running","healthy"],"default":"accepted"},"timeoutSeconds":{"type":"integer","description":"Bounds the start, which then fails with START_TIMEOUT.","minimum":1,"maximum":86400,"default":1800},"ttlSeconds":{"type":"integer","description":"The instance is stopped this long after `running`.","minimum":1,"maximum":31536000},"_meta":{"type":"object","description":"Members not known here are ignored.","properties":{"progressToken":{"description":"Asks for `$/progress` under this token.","type":["string","number"]},"requestedBy":{"type":"string","description":"Kept with the instance, for audit.","minLength":1,"maxLength":1024},"traceparent":{"type":"string","description":"W3C trace context."}}}},"additionalProperties":false,"anyOf":[{"required":["componentRef"]},{"required":["entity"]},{"required":["source"]}]}\#
        ,"runner.start.result":{"description":"Result of `runner.start`.","allOf":[{"$ref":"#/components/schemas/Instance"}]}\#
        ,"runner.stop.params":{"description":"Params of `runner.stop`.","type":"object","properties":{"instanceId":{"type":"string","description":"The instance's id."},"timeoutSeconds":{"type":"integer","description":"How long the container may take before it is killed.","minimum":0,"maximum":3600,"default":10},"_meta":{"type":"object","description":"Ignored."}},"required":["instanceId"],"additionalProperties":false}\#
        ,"runner.stop.result":{"description":"Result of `runner.stop`.","allOf":[{"$ref":"#/components/schemas/Instance"}]}\#
        ,"runner.list.params":{"description":"Params of `runner.list`.","type":"object","properties":{"componentRef":{"type":"string","description":"Only of this component."},"status":{"type":"array","description":"Only in one of these.","items":{"type":"string","enum":["starting","running","stopping","stopped","error"]}},"limit":{"type":"integer","description":"Of one page.","minimum":1,"maximum":1000},"cursor":{"type":"string","description":"`nextCursor` of the page before."}}}\#
        ,"runner.list.result":{"description":"Result of `runner.list`.","type":"object","properties":{"instances":{"type":"array","items":{"$ref":"#/components/schemas/Instance"}},"nextCursor":{"type":"string"}},"required":["instances"]}\#
        ,"runner.get.params":{"description":"Params of `runner.get`.","type":"object","properties":{"instanceId":{"type":"string","description":"The instance's id."}},"required":["instanceId"]}\#
        ,"runner.get.result":{"description":"Result of `runner.get`.","allOf":[{"$ref":"#/components/schemas/Instance"}]}\#
        ,"runner.remove.params":{"description":"Params of `runner.remove`.","type":"object","properties":{"instanceId":{"type":"string","description":"The instance's id."},"_meta":{"type":"object","description":"Ignored."}},"required":["instanceId"],"additionalProperties":false}\#
        ,"runner.remove.result":{"description":"Result of `runner.remove`.","type":"object","properties":{}}\#
        ,"runner.logs.params":{"description":"Params of `runner.logs`.","type":"object","properties":{"instanceId":{"type":"string","description":"The instance's id."},"follow":{"type":"boolean","description":"Subscribe.","default":false},"tail":{"type":"integer","description":"At most this many of the newest records.","minimum":0},"after":{"type":"integer","description":"The last `seq` the client has seen.","minimum":0},"since":{"type":"string","description":"Not older than this.","format":"date-time"},"until":{"type":"string","description":"Not newer than this.","format":"date-time"},"streams":{"type":"array","description":"Only of these.","items":{"type":"string","enum":["stdout","stderr","agent"]}},"phases":{"type":"array","description":"Only of these.","items":{"type":"string","enum":["fetch","build","run","health","lifecycle"]}},"limit":{"type":"integer","description":"Records of one page.","minimum":1,"maximum":10000,"default":1000}},"required":["instanceId"]}\#
        ,"runner.logs.result":{"description":"Result of `runner.logs`.","oneOf":[{"type":"object","properties":{"records":{"type":"array","items":{"$ref":"#/components/schemas/Record"}},"nextSeq":{"type":"integer","description":"The number the next record has, or of the first one left out."},"truncated":{"type":"boolean","description":"More records match than are here."}},"required":["records","nextSeq","truncated"]},{"type":"object","properties":{"subscriptionId":{"type":"string"},"firstSeq":{"type":"integer","description":"The number of the first record that will be sent."},"nextSeq":{"type":"integer","description":"The number the next new record will have."}},"required":["subscriptionId","firstSeq","nextSeq"]}]}\#
        ,"runner.watch.params":{"description":"Params of `runner.watch`.","type":"object","properties":{"componentRef":{"type":"string","description":"Only of this component."},"instanceId":{"type":"string","description":"Only this instance."}}}\#
        ,"runner.watch.result":{"description":"Result of `runner.watch`.","type":"object","properties":{"subscriptionId":{"type":"string"},"instances":{"type":"array","items":{"$ref":"#/components/schemas/Instance"}}},"required":["subscriptionId","instances"]}\#
        ,"runner.unsubscribe.params":{"description":"Params of `runner.unsubscribe`.","type":"object","properties":{"subscriptionId":{"type":"string"}},"required":["subscriptionId"]}\#
        ,"runner.unsubscribe.result":{"description":"Result of `runner.unsubscribe`.","type":"object","properties":{}}\#
        ,"runner.validate.params":{"description":"Params of `runner.validate`.","type":"object","properties":{"source":{"description":"Where the source is.","oneOf":[{"type":"object","properties":{"location":{"type":"string","description":"As in `url:https://github.com/o/r/tree/main/sub/`.","minLength":1},"ref":{"type":"string","description":"A branch, tag or commit; wins over the location's.","minLength":1}},"required":["location"]},{"type":"object","properties":{"path":{"type":"string","description":"An absolute directory, read in place.","pattern":"^/"}},"required":["path"]}]},"entity":{"type":"object","description":"A Backstage entity."},"config":{"description":"The config itself: an object, or YAML text.","type":["object","string"]}},"oneOf":[{"required":["source"]},{"required":["entity"]},{"required":["config"]}]}\#
        ,"runner.validate.result":{"description":"Result of `runner.validate`.","type":"object","properties":{"config":{"type":["object","null"],"description":"The config with its defaults filled in; null when it has faults."},"warnings":{"type":"array","items":{"type":"string"}},"diagnostics":{"type":"array","items":{"$ref":"#/components/schemas/Diagnostic"}}},"required":["config","warnings","diagnostics"]}\#
        ,"cancelRequest.params":{"description":"Params of `$/cancelRequest`.","type":"object","properties":{"id":{"description":"The id of the running request.","type":["string","number","null"]}},"required":["id"]}\#
        ,"notifications.cancelled.params":{"description":"Params of `notifications/cancelled`.","type":"object","properties":{"requestId":{"description":"The id of the running request.","type":["string","number","null"]}},"required":["requestId"]}\#
        ,"runner.log.params":{"description":"Params of `runner.log`.","type":"object","properties":{"subscriptionId":{"type":"string"},"instanceId":{"type":"string","description":"The instance's id."},"records":{"type":"array","items":{"$ref":"#/components/schemas/Record"},"minItems":1,"maxItems":512},"lastSeq":{"type":"integer","description":"The `after` to resume with; may lie past records that a filter left out."}},"required":["subscriptionId","instanceId","records","lastSeq"]}\#
        ,"runner.log.end.params":{"description":"Params of `runner.log.end`.","type":"object","properties":{"subscriptionId":{"type":"string"},"instanceId":{"type":"string","description":"The instance's id."},"reason":{"type":"string","description":"Why it ended.","enum":["ended","unsubscribed","removed","shutdown"]},"nextSeq":{"type":"integer","description":"`nextSeq - 1` is the `after` to resume with."}},"required":["subscriptionId","instanceId","reason","nextSeq"]}\#
        ,"runner.instance.params":{"description":"Params of `runner.instance`.","type":"object","properties":{"subscriptionId":{"type":"string"},"instance":{"$ref":"#/components/schemas/Instance"}},"required":["subscriptionId","instance"]}\#
        ,"progress.params":{"description":"Params of `$/progress`.","type":"object","properties":{"token":{"description":"As the client gave it.","type":["string","number"]},"value":{"type":"object","properties":{"kind":{"type":"string","description":"One `begin`, any number of `report`, one `end`.","enum":["begin","report","end"]},"phase":{"type":"string","description":"How far the start has come.","enum":["resolving","fetching","configuring","building","creating","starting","checking"]},"message":{"type":"string"},"current":{"type":"integer"},"total":{"type":"integer"},"unit":{"type":"string","description":"What `current` and `total` count."}},"required":["kind","message"]}},"required":["token","value"]}\#
        }\#
        ,"errors":{\#
        "INSTANCE_NOT_FOUND":{"code":-32000,"message":"No instance has this id","data":{"code":"INSTANCE_NOT_FOUND"}}\#
        ,"SUBSCRIPTION_NOT_FOUND":{"code":-32000,"message":"This connection has no such subscription","data":{"code":"SUBSCRIPTION_NOT_FOUND"}}\#
        ,"ALREADY_RUNNING":{"code":-32000,"message":"Already running","data":{"code":"ALREADY_RUNNING"}}\#
        ,"IDEMPOTENCY_CONFLICT":{"code":-32000,"message":"Idempotency conflict","data":{"code":"IDEMPOTENCY_CONFLICT"}}\#
        ,"NOT_ENABLED":{"code":-32000,"message":"Not enabled","data":{"code":"NOT_ENABLED"}}\#
        ,"SOURCE_UNKNOWN":{"code":-32000,"message":"Source unknown","data":{"code":"SOURCE_UNKNOWN"}}\#
        ,"INVALID_LOCATION":{"code":-32000,"message":"Invalid location","data":{"code":"INVALID_LOCATION"}}\#
        ,"INVALID_ENTITY_REF":{"code":-32000,"message":"Invalid entity ref","data":{"code":"INVALID_ENTITY_REF"}}\#
        ,"UNSUPPORTED_HOST":{"code":-32000,"message":"Unsupported host","data":{"code":"UNSUPPORTED_HOST"}}\#
        ,"REPOSITORY_NOT_FOUND":{"code":-32000,"message":"Repository not found","data":{"code":"REPOSITORY_NOT_FOUND"}}\#
        ,"REF_NOT_FOUND":{"code":-32000,"message":"Ref not found","data":{"code":"REF_NOT_FOUND"}}\#
        ,"DIRECTORY_NOT_FOUND":{"code":-32000,"message":"Directory not found","data":{"code":"DIRECTORY_NOT_FOUND"}}\#
        ,"UNAUTHORIZED":{"code":-32000,"message":"Unauthorized","data":{"code":"UNAUTHORIZED"}}\#
        ,"FORBIDDEN":{"code":-32000,"message":"Forbidden","data":{"code":"FORBIDDEN"}}\#
        ,"SSO_REQUIRED":{"code":-32000,"message":"SSO required","data":{"code":"SSO_REQUIRED"}}\#
        ,"RATE_LIMITED":{"code":-32000,"message":"Rate limited","data":{"code":"RATE_LIMITED"}}\#
        ,"LEGALLY_BLOCKED":{"code":-32000,"message":"Legally blocked","data":{"code":"LEGALLY_BLOCKED"}}\#
        ,"NETWORK":{"code":-32000,"message":"Network","data":{"code":"NETWORK"}}\#
        ,"TLS":{"code":-32000,"message":"TLS","data":{"code":"TLS"}}\#
        ,"TIMEOUT":{"code":-32000,"message":"Timeout","data":{"code":"TIMEOUT"}}\#
        ,"GITHUB_UNAVAILABLE":{"code":-32000,"message":"GitHub unavailable","data":{"code":"GITHUB_UNAVAILABLE"}}\#
        ,"CATALOG_UNAVAILABLE":{"code":-32000,"message":"Catalog unavailable","data":{"code":"CATALOG_UNAVAILABLE"}}\#
        ,"ARCHIVE_INVALID":{"code":-32000,"message":"Archive invalid","data":{"code":"ARCHIVE_INVALID"}}\#
        ,"ARCHIVE_UNSAFE":{"code":-32000,"message":"Archive unsafe","data":{"code":"ARCHIVE_UNSAFE"}}\#
        ,"ARCHIVE_TOO_LARGE":{"code":-32000,"message":"Archive too large","data":{"code":"ARCHIVE_TOO_LARGE"}}\#
        ,"CONFIG_NOT_FOUND":{"code":-32000,"message":"Config not found","data":{"code":"CONFIG_NOT_FOUND"}}\#
        ,"CONFIG_INVALID":{"code":-32000,"message":"Config invalid","data":{"code":"CONFIG_INVALID"}}\#
        ,"DOCKERFILE_NOT_FOUND":{"code":-32000,"message":"Dockerfile not found","data":{"code":"DOCKERFILE_NOT_FOUND"}}\#
        ,"PORT_IN_USE":{"code":-32000,"message":"Port in use","data":{"code":"PORT_IN_USE"}}\#
        ,"PORT_FORBIDDEN":{"code":-32000,"message":"Port forbidden","data":{"code":"PORT_FORBIDDEN"}}\#
        ,"ENGINE_UNAVAILABLE":{"code":-32000,"message":"Engine unavailable","data":{"code":"ENGINE_UNAVAILABLE"}}\#
        ,"ENGINE_UNSUPPORTED":{"code":-32000,"message":"Engine unsupported","data":{"code":"ENGINE_UNSUPPORTED"}}\#
        ,"ENGINE_ERROR":{"code":-32000,"message":"Engine error","data":{"code":"ENGINE_ERROR"}}\#
        ,"START_TIMEOUT":{"code":-32000,"message":"Start timeout","data":{"code":"START_TIMEOUT"}}\#
        ,"BUILD_FAILED":{"code":-32000,"message":"Build failed","data":{"code":"BUILD_FAILED"}}\#
        ,"IMAGE_PULL_FAILED":{"code":-32000,"message":"Image pull failed","data":{"code":"IMAGE_PULL_FAILED"}}\#
        ,"IMAGE_PULL_DENIED":{"code":-32000,"message":"Image pull denied","data":{"code":"IMAGE_PULL_DENIED"}}\#
        ,"BUILD_TIMEOUT":{"code":-32000,"message":"Build timeout","data":{"code":"BUILD_TIMEOUT"}}\#
        ,"CONTAINER_START_FAILED":{"code":-32000,"message":"Container start failed","data":{"code":"CONTAINER_START_FAILED"}}\#
        ,"CONTAINER_EXITED":{"code":-32000,"message":"Container exited","data":{"code":"CONTAINER_EXITED"}}\#
        ,"OUT_OF_MEMORY":{"code":-32000,"message":"Out of memory","data":{"code":"OUT_OF_MEMORY"}}\#
        ,"UNHEALTHY":{"code":-32000,"message":"Unhealthy","data":{"code":"UNHEALTHY"}}\#
        ,"CANCELLED":{"code":-32800,"message":"Cancelled","data":{"code":"CANCELLED"}}\#
        ,"SUPERSEDED":{"code":-32000,"message":"Superseded","data":{"code":"SUPERSEDED"}}\#
        ,"INTERRUPTED":{"code":-32000,"message":"Interrupted","data":{"code":"INTERRUPTED"}}\#
        ,"LOG_CURSOR_INVALID":{"code":-32000,"message":"Log cursor invalid","data":{"code":"LOG_CURSOR_INVALID"}}\#
        ,"MESSAGE_TOO_LARGE":{"code":-32600,"message":"Message too large","data":{"code":"MESSAGE_TOO_LARGE"}}\#
        ,"RESPONSE_TOO_LARGE":{"code":-32000,"message":"Response too large","data":{"code":"RESPONSE_TOO_LARGE"}}\#
        ,"BATCH_TOO_LARGE":{"code":-32600,"message":"Batch too large","data":{"code":"BATCH_TOO_LARGE"}}\#
        ,"TOO_MANY_SUBSCRIPTIONS":{"code":-32000,"message":"Too many subscriptions","data":{"code":"TOO_MANY_SUBSCRIPTIONS"}}\#
        ,"TOO_MANY_CONNECTIONS":{"code":-32000,"message":"Too many connections","data":{"code":"TOO_MANY_CONNECTIONS"}}\#
        ,"DISK_FULL":{"code":-32000,"message":"Disk full","data":{"code":"DISK_FULL"}}\#
        ,"STATE_UNWRITABLE":{"code":-32000,"message":"State unwritable","data":{"code":"STATE_UNWRITABLE"}}\#
        ,"BUSY":{"code":-32000,"message":"Busy","data":{"code":"BUSY"}}\#
        ,"SHUTTING_DOWN":{"code":-32000,"message":"Shutting down","data":{"code":"SHUTTING_DOWN"}}\#
        ,"UNSUPPORTED_PROTOCOL":{"code":-32000,"message":"Unsupported protocol","data":{"code":"UNSUPPORTED_PROTOCOL"}}\#
        ,"PERMISSION_DENIED":{"code":-32000,"message":"Permission denied","data":{"code":"PERMISSION_DENIED"}}\#
        }\#
        }\#
        }
        """#
}
