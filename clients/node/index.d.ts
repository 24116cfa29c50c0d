export type InstanceStatus = 'starting' | 'running' | 'stopping' | 'stopped' | 'error';
export type StartPhase =
  | 'resolving' | 'fetching' | 'configuring' | 'building' | 'creating' | 'starting' | 'checking';
export type Health = 'none' | 'starting' | 'healthy' | 'unhealthy';
export type LogStreamName = 'stdout' | 'stderr' | 'agent';
export type LogPhase = 'fetch' | 'build' | 'run' | 'health' | 'lifecycle';

export interface Endpoint {
  containerPort: number;
  hostIp: string;
  hostPort: number;
  url: string;
}

/** Why a start failed, or a running instance ended; `code` is what to switch on. */
export interface Failure {
  code: string;
  phase?: StartPhase;
  message: string;
  hint?: string;
  retryable: boolean;
  exitCode?: number;
  oomKilled?: boolean;
  lastProbe?: string;
  logTail?: string[];
  [detail: string]: unknown;
}

export type InstanceSource =
  | { type: 'github'; location: string; repository: string; ref: string; commit?: string; directory: string }
  | { type: 'directory'; path: string };

export interface Instance {
  id: string;
  componentRef: string;
  status: InstanceStatus;
  containerId?: string;
  /** Host ports. */
  ports: number[];
  /** ISO-8601. */
  startedAt: string;
  stoppedAt?: string;
  error?: string;
  phase?: StartPhase;
  endpoints: Endpoint[];
  health: Health;
  source: InstanceSource;
  image?: { id: string; cached: boolean };
  exitCode?: number;
  failure?: Failure;
  warnings: string[];
  timings: Record<string, number>;
  /** Grows with every change. */
  revision: number;
  /** The engine does not answer: this is what was last known. */
  stale?: true;
}

export type Source = { location: string; ref?: string } | { path: string };

export interface StartParams {
  componentRef?: string;
  /** A Backstage entity; its annotations give componentRef, source and config path. */
  entity?: object;
  source?: Source;
  configPath?: string;
  /** Instead of the file of the repository. */
  config?: object;
  /** Used for this start only; never stored, never logged. */
  credentials?: { token: string };
  onExisting?: 'replace' | 'reject' | 'reuse';
  idempotencyKey?: string;
  environment?: Record<string, string>;
  ports?: Array<number | string>;
  buildSecrets?: Record<string, string>;
  /** When the answer comes; default `accepted`, at once. */
  wait?: 'accepted' | 'running' | 'healthy';
  timeoutSeconds?: number;
  ttlSeconds?: number;
  _meta?: { progressToken?: string | number; requestedBy?: string; traceparent?: string };
}

export interface Progress {
  kind: 'begin' | 'report' | 'end';
  phase?: StartPhase;
  message: string;
  current?: number;
  total?: number;
  unit?: string;
}

export interface LogsParams {
  instanceId: string;
  tail?: number;
  /** The last `seq` seen: resuming with it never repeats and never skips silently. */
  after?: number;
  since?: string;
  until?: string;
  streams?: LogStreamName[];
  phases?: LogPhase[];
  limit?: number;
}

export interface LogLine {
  seq: number;
  time: string;
  phase: LogPhase;
  stream: LogStreamName;
  /** Absent when the bytes are no valid UTF-8: then `base64` holds them. */
  text?: string;
  base64?: string;
  /** The next record of the same stream continues this one. */
  partial?: true;
  truncated?: true;
}

/** Records that exist no more, or that could not be read. */
export interface LogGap {
  gap: { from: number; to: number; reason: string };
}

export type LogRecord = LogLine | LogGap;

export interface LogPage {
  records: LogRecord[];
  nextSeq: number;
  truncated: boolean;
}

/** A stream of values. Leaving a `for await` loop ends it; a slow consumer holds back nobody else. */
export interface RunnerStream<Value, Answer> extends AsyncIterableIterator<Value> {
  /** The agent's acknowledgement. */
  readonly ready: Promise<Answer>;
  return(value?: unknown): Promise<IteratorResult<Value>>;
}

export interface LogStream
  extends RunnerStream<LogRecord, { subscriptionId: string; firstSeq: number; nextSeq: number }> {
  /** Where to resume, as `after`. */
  readonly lastSeq?: number;
  readonly endReason?: 'ended' | 'unsubscribed' | 'removed' | 'shutdown';
}

export interface RequestOptions {
  /** Aborting it cancels the request at the agent. */
  signal?: AbortSignal;
}

export interface RunnerErrorData {
  code?: string;
  hint?: string;
  retryable?: boolean;
  retryAfterMs?: number;
  instanceId?: string;
  [detail: string]: unknown;
}

export class RunnerError extends Error {
  /** Stable: `PORT_IN_USE`, `BUILD_FAILED`, ...; `INVALID_PARAMS` and its like for the codes of JSON-RPC itself. */
  readonly code: string;
  /** The number on the wire; absent when the error is the client's own. */
  readonly rpcCode?: number;
  readonly hint?: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly instanceId?: string;
  readonly data?: RunnerErrorData;
}

/** `CONNECTION_LOST`, or `AGENT_UNAVAILABLE` when there was no connection at all. */
export class ConnectionLostError extends RunnerError {
  /** Whether the request may have reached the agent. */
  readonly sent: boolean;
  readonly cause?: unknown;
}

export class RunnerClient {
  constructor(options?: { socketPath?: string });
  readonly socketPath: string;
  request<Result = unknown>(method: string, params?: object, options?: RequestOptions): Promise<Result>;
  ping(options?: RequestOptions): Promise<object>;
  info(options?: RequestOptions): Promise<Record<string, unknown>>;
  start(params: StartParams, options?: RequestOptions & { onProgress?: (progress: Progress) => void }): Promise<Instance>;
  stop(params: { instanceId: string; timeoutSeconds?: number }, options?: RequestOptions): Promise<Instance>;
  get(params: { instanceId: string }, options?: RequestOptions): Promise<Instance>;
  list(
    params?: { componentRef?: string; status?: InstanceStatus[]; limit?: number; cursor?: string },
    options?: RequestOptions,
  ): Promise<{ instances: Instance[]; nextCursor?: string }>;
  remove(params: { instanceId: string }, options?: RequestOptions): Promise<object>;
  validate(
    params: { source: Source } | { entity: object } | { config: string },
    options?: RequestOptions,
  ): Promise<{ config: object | null; warnings: unknown[]; diagnostics: unknown[] }>;
  logs(params: LogsParams, options?: RequestOptions): Promise<LogPage>;
  followLogs(params: LogsParams, options?: RequestOptions): LogStream;
  watch(
    params?: { componentRef?: string; instanceId?: string },
    options?: RequestOptions,
  ): RunnerStream<Instance, { subscriptionId: string; instances: Instance[] }>;
  close(): void;
}

export function defaultSocketPath(env?: Record<string, string | undefined>, uid?: number): string;
