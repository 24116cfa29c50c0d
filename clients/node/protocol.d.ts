// Written by scripts/generate-types.js from Protocol/schema and Protocol/openrpc.json; not by hand.

/** One fault in a file, with its place. */
export interface Diagnostic {
  /** Counted from 1. */
  line: number;
  /** Counted from 1. */
  column: number;
  /** The key path, as in `runner.ports[0]`. */
  path: string;
  message: string;
}

/** Why a start or a call failed. Further string members name facts such as `member`, `limit`, `holder` or `retryAt`. */
export interface Failure {
  /** What clients switch on; see the error codes. Expect strings you do not know. */
  code: string;
  /** The phase the start was in. */
  phase?: StartPhase;
  /** The cause in one sentence, for people. */
  message: string;
  /** What to do about it. */
  hint?: string;
  /** Whether the same call may succeed later. */
  retryable: boolean;
  /** How long to wait before that. */
  retryAfterMs?: number;
  /** The build step that failed. */
  step?: string;
  /** Of the container or the build step. */
  exitCode?: number;
  /** The container was killed for want of memory. */
  oomKilled?: boolean;
  /** What the last health probe got. */
  lastProbe?: string;
  /** The newest log lines, oldest first. */
  logTail?: string[];
  /** Faults of the config. */
  diagnostics?: Diagnostic[];
  /** The instance concerned. */
  instanceId?: string;
  [name: string]: unknown;
}

/** What it is doing. */
export type InstanceStatus = 'starting' | 'running' | 'stopping' | 'stopped' | 'error';

/** How far a start has come, or came. */
export type StartPhase = 'resolving' | 'fetching' | 'configuring' | 'building' | 'creating' | 'starting' | 'checking';

export interface Endpoint {
  containerPort: number;
  hostIp: string;
  hostPort: number;
  url: string;
}

/** What the health check says; it does not gate `status`. */
export type Health = 'none' | 'starting' | 'healthy' | 'unhealthy';

/** Where the source came from. */
export type InstanceSource = {
  type: 'github';
  location: string;
  /** `owner/name`. */
  repository: string;
  ref: string;
  /** Absent until the ref is resolved. */
  commit?: string;
  /** Inside the repository; empty for its root. */
  directory: string;
} | {
  type: 'directory';
  path: string;
};

/** One run of a component. */
export interface Instance {
  /** A UUID. */
  id: string;
  /** As in `component:default/web`. */
  componentRef: string;
  /** What it is doing. */
  status: InstanceStatus;
  containerId?: string;
  /** Host ports. */
  ports: number[];
  /** When the start was accepted. */
  startedAt: string;
  /** When it became terminal. */
  stoppedAt?: string;
  /** The failure in one line. */
  error?: string;
  /** How far a start has come, or came. */
  phase?: StartPhase;
  /** Where its ports can be reached. */
  endpoints: Endpoint[];
  /** What the health check says; it does not gate `status`. */
  health: Health;
  /** Where the source came from. */
  source: InstanceSource;
  image?: {
    id: string;
    /** It was not built for this start. */
    cached: boolean;
  };
  exitCode?: number;
  failure?: Failure;
  warnings: string[];
  /** Milliseconds each finished phase took, as `resolvingMs`. */
  timings: {
    [name: string]: number;
  };
  /** Grows with every change. */
  revision: number;
  /** The engine does not answer; this is what was last known. */
  stale?: true;
}

/** What the agent was doing. */
export type LogPhase = 'fetch' | 'build' | 'run' | 'health' | 'lifecycle';

/** Who wrote it. */
export type LogStreamName = 'stdout' | 'stderr' | 'agent';

export type LogLine = {
  /** Grows by one per record of the instance. */
  seq: number;
  /** When the agent received it. */
  time: string;
  /** What the agent was doing. */
  phase: LogPhase;
  /** Who wrote it. */
  stream: LogStreamName;
  /** The line without its newline, when it is valid UTF-8. */
  text?: string;
  /** The bytes of the line, when they are not. */
  base64?: string;
  /** The line has not ended; the next record of this stream continues it. */
  partial?: true;
  /** The line was longer than is kept. */
  truncated?: true;
} & ({ text: string } | { base64: string });

export interface LogGap {
  gap: {
    /** The first missing number. */
    from: number;
    /** The last missing number. */
    to: number;
    /** Why they are missing. */
    reason: string;
  };
}

/** One log record, or a gap where records are missing. */
export type LogRecord = LogLine | LogGap;

/** Params of `agent.info`. */
export type AgentInfoParams = object;

/** Result of `agent.info`. */
export interface AgentInfoResult {
  name: string;
  version: string;
  protocolVersion: number;
  processId: number;
  /** When the agent started. */
  startedAt: string;
  uptimeMs: number;
  engine: {
    name?: string;
    version?: string;
    apiVersion?: string;
    endpoint: string;
    reachable: boolean;
    /** Why it is not reachable. */
    problem?: string;
  };
  /** The listening socket; absent when there is none. */
  socket?: string;
  paths: {
    stateDirectory: string;
    cacheDirectory: string;
  };
  /** The limits by name. */
  limits: {
    [name: string]: number;
  };
  /** Such as `instances` and `connections`. */
  counts: {
    [name: string]: number;
  };
}

/** Params of `agent.ping`. */
export type AgentPingParams = object;

/** Result of `agent.ping`. */
export type AgentPingResult = { [name: string]: unknown };

/** Params of `$/cancelRequest`. */
export interface CancelRequestParams {
  /** The id of the running request. */
  id: string | number | null;
}

/** Params of `exit`. */
export type ExitParams = object;

/** Params of `initialize`. */
export interface InitializeParams {
  /** The protocols the client speaks. */
  protocolVersions?: number[];
  clientInfo?: {
    name: string;
    version?: string;
  };
  /** The process whose end ends a stdio agent. */
  processId?: number | null;
  /** What becomes of the instances this connection started. Default `"keep"`. */
  onDisconnect?: 'keep' | 'stop';
}

/** Result of `initialize`. */
export interface InitializeResult {
  protocolVersion: number;
  agent: {
    name: string;
    version: string;
  };
  /** Null when no engine has answered yet. */
  engine: {
    name: string;
    version: string;
    apiVersion: string;
  } | null;
  capabilities: {
    methods?: string[];
    notifications?: string[];
    batch?: boolean;
  };
  /** The limits by name. */
  limits: {
    [name: string]: number;
  };
}

/** Params of `notifications/cancelled`. */
export interface NotificationsCancelledParams {
  /** The id of the running request. */
  requestId: string | number | null;
}

export interface Progress {
  /** One `begin`, any number of `report`, one `end`. */
  kind: 'begin' | 'report' | 'end';
  /** How far the start has come. */
  phase?: StartPhase;
  message: string;
  current?: number;
  total?: number;
  /** What `current` and `total` count. */
  unit?: string;
}

/** Params of `$/progress`. */
export interface ProgressParams {
  /** As the client gave it. */
  token: string | number;
  value: Progress;
}

/** Params of `rpc.discover`. */
export type RpcDiscoverParams = object;

/** Result of `rpc.discover`. */
export interface RpcDiscoverResult {
  openrpc: string;
  info: { [name: string]: unknown };
  methods: { [name: string]: unknown }[];
  /** What the agent sends of itself, in the shape of methods. */
  'x-notifications'?: { [name: string]: unknown }[];
  /** The schemas and errors that the methods refer to. */
  components?: { [name: string]: unknown };
}

/** Params of `runner.get`. */
export interface GetParams {
  /** The instance's id. */
  instanceId: string;
}

/** Result of `runner.get`. */
export type GetResult = Instance;

/** Params of `runner.instance`. */
export interface InstanceParams {
  subscriptionId: string;
  instance: Instance;
}

/** Params of `runner.list`. */
export interface ListParams {
  /** Only of this component. */
  componentRef?: string;
  /** Only in one of these. */
  status?: InstanceStatus[];
  /** Of one page. */
  limit?: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}

/** Result of `runner.list`. */
export interface ListResult {
  instances: Instance[];
  nextCursor?: string;
}

/** Params of `runner.log.end`. */
export interface LogEndParams {
  subscriptionId: string;
  /** The instance's id. */
  instanceId: string;
  /** Why it ended. */
  reason: 'ended' | 'unsubscribed' | 'removed' | 'shutdown';
  /** `nextSeq - 1` is the `after` to resume with. */
  nextSeq: number;
}

/** Params of `runner.log`. */
export interface LogParams {
  subscriptionId: string;
  /** The instance's id. */
  instanceId: string;
  records: LogRecord[];
  /** The `after` to resume with; may lie past records that a filter left out. */
  lastSeq: number;
}

/** Params of `runner.logs`. */
export interface LogsParams {
  /** The instance's id. */
  instanceId: string;
  /** Subscribe. Default `false`. */
  follow?: boolean;
  /** At most this many of the newest records. */
  tail?: number;
  /** The last `seq` the client has seen. */
  after?: number;
  /** Not older than this. */
  since?: string;
  /** Not newer than this. */
  until?: string;
  /** Only of these. */
  streams?: LogStreamName[];
  /** Only of these. */
  phases?: LogPhase[];
  /** Records of one page. Default `1000`. */
  limit?: number;
}

export interface LogPage {
  records: LogRecord[];
  /** The number the next record has, or of the first one left out. */
  nextSeq: number;
  /** More records match than are here. */
  truncated: boolean;
}

export interface LogSubscription {
  subscriptionId: string;
  /** The number of the first record that will be sent. */
  firstSeq: number;
  /** The number the next new record will have. */
  nextSeq: number;
}

/** Result of `runner.logs`. */
export type LogsResult = LogPage | LogSubscription;

/** Params of `runner.remove`. */
export interface RemoveParams {
  /** The instance's id. */
  instanceId: string;
  /** Ignored. */
  _meta?: object;
}

/** Result of `runner.remove`. */
export type RemoveResult = { [name: string]: unknown };

/** Where the source is. */
export type Source = {
  /** As in `url:https://github.com/o/r/tree/main/sub/`. */
  location: string;
  /** A branch, tag or commit; wins over the location's. */
  ref?: string;
} | {
  /** An absolute directory, read in place. */
  path: string;
};

/** Params of `runner.start`. */
export type StartParams = {
  /** As in `component:default/web`; given by `entity`, else made from the source's last path segment. */
  componentRef?: string;
  /** A Backstage entity. */
  entity?: object;
  /** Where the source is. */
  source?: Source;
  /** Relative to the component's directory. Default `".runner/config.yml"`. */
  configPath?: string;
  /** The config itself, instead of the file: an object, or YAML text. */
  config?: object | string;
  credentials?: {
    /** Used for this start only; never stored, never logged. */
    token: string;
  };
  /** What to do about the instance that runs now. Default `"replace"`. */
  onExisting?: 'replace' | 'reject' | 'reuse';
  /** Makes a repeated call answer the same instance. */
  idempotencyKey?: string;
  /** Merged over the config's, by name. */
  environment?: {
    [name: string]: string | number | boolean;
  };
  /** Replaces the config's list: `3000`, `"8080:3000"` (host:container), `"auto:3000"`. */
  ports?: Array<number | string>;
  /** Values for `RUN --mount=type=secret`, by id; this start only, never stored. */
  buildSecrets?: {
    [name: string]: string;
  };
  /** When to answer. Default `"accepted"`. */
  wait?: 'accepted' | 'running' | 'healthy';
  /** Bounds the start, which then fails with START_TIMEOUT. Default `1800`. */
  timeoutSeconds?: number;
  /** The instance is stopped this long after `running`. */
  ttlSeconds?: number;
  /** Members not known here are ignored. */
  _meta?: {
    /** Asks for `$/progress` under this token. */
    progressToken?: string | number;
    /** Kept with the instance, for audit. */
    requestedBy?: string;
    /** W3C trace context. */
    traceparent?: string;
  };
} & ({ componentRef: string } | { entity: object } | { source: Source });

/** Result of `runner.start`. */
export type StartResult = Instance;

/** Params of `runner.stop`. */
export interface StopParams {
  /** The instance's id. */
  instanceId: string;
  /** How long the container may take before it is killed. Default `10`. */
  timeoutSeconds?: number;
  /** Ignored. */
  _meta?: object;
}

/** Result of `runner.stop`. */
export type StopResult = Instance;

/** Params of `runner.unsubscribe`. */
export interface UnsubscribeParams {
  subscriptionId: string;
}

/** Result of `runner.unsubscribe`. */
export type UnsubscribeResult = { [name: string]: unknown };

/** Params of `runner.validate`. */
export type ValidateParams = {
  /** Where the source is. */
  source?: Source;
  /** A Backstage entity. */
  entity?: object;
  /** The config itself: an object, or YAML text. */
  config?: object | string;
} & ({ source: Source } | { entity: object } | { config: object | string });

/** Result of `runner.validate`. */
export interface ValidateResult {
  /** The config with its defaults filled in; null when it has faults. */
  config: { [name: string]: unknown } | null;
  warnings: string[];
  diagnostics: Diagnostic[];
}

/** Params of `runner.watch`. */
export interface WatchParams {
  /** Only of this component. */
  componentRef?: string;
  /** Only this instance. */
  instanceId?: string;
}

/** Result of `runner.watch`. */
export interface WatchResult {
  subscriptionId: string;
  instances: Instance[];
}

/** Params of `shutdown`. */
export type ShutdownParams = object;

/** Result of `shutdown`. */
export type ShutdownResult = null;

/** What the calls of the protocol take and give, by name. */
export interface Methods {
  'initialize': { params: InitializeParams | undefined; result: InitializeResult };
  'agent.ping': { params: AgentPingParams | undefined; result: AgentPingResult };
  'agent.info': { params: AgentInfoParams | undefined; result: AgentInfoResult };
  'rpc.discover': { params: RpcDiscoverParams | undefined; result: RpcDiscoverResult };
  'shutdown': { params: ShutdownParams | undefined; result: ShutdownResult };
  'runner.start': { params: StartParams; result: StartResult };
  'runner.stop': { params: StopParams; result: StopResult };
  'runner.list': { params: ListParams | undefined; result: ListResult };
  'runner.get': { params: GetParams; result: GetResult };
  'runner.remove': { params: RemoveParams; result: RemoveResult };
  'runner.logs': { params: LogsParams; result: LogsResult };
  'runner.watch': { params: WatchParams | undefined; result: WatchResult };
  'runner.unsubscribe': { params: UnsubscribeParams; result: UnsubscribeResult };
  'runner.validate': { params: ValidateParams; result: ValidateResult };
}

/** What the agent sends of itself. */
export interface Notifications {
  'runner.log': LogParams;
  'runner.log.end': LogEndParams;
  'runner.instance': InstanceParams;
  '$/progress': ProgressParams;
}

/** The codes that errors of the agent carry; expect others of later agents. */
export type ErrorCode =
  | 'INSTANCE_NOT_FOUND'
  | 'SUBSCRIPTION_NOT_FOUND'
  | 'ALREADY_RUNNING'
  | 'IDEMPOTENCY_CONFLICT'
  | 'NOT_ENABLED'
  | 'SOURCE_UNKNOWN'
  | 'INVALID_LOCATION'
  | 'INVALID_ENTITY_REF'
  | 'UNSUPPORTED_HOST'
  | 'REPOSITORY_NOT_FOUND'
  | 'REF_NOT_FOUND'
  | 'DIRECTORY_NOT_FOUND'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'SSO_REQUIRED'
  | 'RATE_LIMITED'
  | 'LEGALLY_BLOCKED'
  | 'NETWORK'
  | 'TLS'
  | 'TIMEOUT'
  | 'GITHUB_UNAVAILABLE'
  | 'CATALOG_UNAVAILABLE'
  | 'ARCHIVE_INVALID'
  | 'ARCHIVE_UNSAFE'
  | 'ARCHIVE_TOO_LARGE'
  | 'CONFIG_NOT_FOUND'
  | 'CONFIG_INVALID'
  | 'DOCKERFILE_NOT_FOUND'
  | 'PORT_IN_USE'
  | 'PORT_FORBIDDEN'
  | 'ENGINE_UNAVAILABLE'
  | 'ENGINE_UNSUPPORTED'
  | 'ENGINE_ERROR'
  | 'START_TIMEOUT'
  | 'BUILD_FAILED'
  | 'IMAGE_PULL_FAILED'
  | 'IMAGE_PULL_DENIED'
  | 'BUILD_TIMEOUT'
  | 'CONTAINER_START_FAILED'
  | 'CONTAINER_EXITED'
  | 'OUT_OF_MEMORY'
  | 'UNHEALTHY'
  | 'CANCELLED'
  | 'SUPERSEDED'
  | 'INTERRUPTED'
  | 'LOG_CURSOR_INVALID'
  | 'MESSAGE_TOO_LARGE'
  | 'RESPONSE_TOO_LARGE'
  | 'BATCH_TOO_LARGE'
  | 'TOO_MANY_SUBSCRIPTIONS'
  | 'TOO_MANY_CONNECTIONS'
  | 'DISK_FULL'
  | 'STATE_UNWRITABLE'
  | 'BUSY'
  | 'SHUTTING_DOWN'
  | 'UNSUPPORTED_PROTOCOL'
  | 'PERMISSION_DENIED';
