import type {
  AgentInfoResult, AgentPingResult, Instance, ListParams, ListResult, LogPage, LogRecord, LogSubscription, LogsParams, Methods,
  Progress, RemoveResult, StartParams, StopParams, ValidateParams, ValidateResult, WatchParams, WatchResult,
} from './protocol';

export * from './protocol';

export interface ClientOptions {
  /** Where the agent listens; by default where it does for this user (`defaultSocketPath`). */
  socketPath?: string;
  /** Starts `runner-agent stdio` as a child instead of connecting to a socket. */
  spawn?: boolean | SpawnOptions;
  /** How long a call may take, in milliseconds; what its params allow the agent comes on top. Default 60 000; 0 is for ever. */
  timeoutMs?: number;
  /** Told to the agent on each connection. */
  clientInfo?: { name: string; version?: string };
  /** `stop` stops what this client started when its connection ends. Default `keep`. */
  onDisconnect?: 'keep' | 'stop';
}

export interface SpawnOptions {
  /** Default `runner-agent`, found by PATH. */
  command?: string;
  /** What follows `stdio`, such as `--state-dir`. */
  args?: string[];
  /** Default that of this process. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** Gets the agent's log as it comes. */
  onLog?: (text: string) => void;
}

export interface RequestOptions {
  /** Aborting it cancels the call at the agent; the promise then settles with the agent's answer, as a rule a CancelledError. */
  signal?: AbortSignal;
  /** Instead of the client's; 0 is for ever. */
  timeoutMs?: number;
}

export interface StreamOptions extends RequestOptions {
  /** Whether to connect again when the connection is lost or the agent ends. Default true. */
  resume?: boolean;
  /** How long to try that, in milliseconds, before the stream ends with the error. Default for ever. */
  giveUpAfterMs?: number;
  /** Called before each pause that precedes an attempt. */
  onReconnecting?: (event: { attempt: number; delayMs: number; error: RunnerError }) => void;
}

/** A stream of values. Leaving a `for await` loop ends it; a slow consumer holds back nobody else. */
export interface RunnerStream<Value, Answer> extends AsyncIterableIterator<Value> {
  /** The agent's first acknowledgement. */
  readonly ready: Promise<Answer>;
  /** All values that have come, one at least: cheaper than next() for many. */
  nextBatch(): Promise<IteratorResult<Value[]>>;
  /** Iterates over arrays of values. */
  batches(): AsyncIterableIterator<Value[]>;
  return(value?: unknown): Promise<IteratorResult<Value>>;
}

export interface LogStream extends RunnerStream<LogRecord, LogSubscription> {
  /** Behind the last record that was consumed: where another stream resumes, as `after`. */
  readonly lastSeq?: number;
  /** `shutdown` is told with `resume: false` alone. */
  readonly endReason?: 'ended' | 'unsubscribed' | 'removed' | 'shutdown';
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
  /**
   * Stable: an `ErrorCode` of the agent, `INVALID_PARAMS` and its like for the codes of JSON-RPC itself, or the client's own
   * `AGENT_UNAVAILABLE`, `CONNECTION_LOST`, `PROTOCOL_ERROR`, `REQUEST_TIMEOUT`, `CLIENT_CLOSED`.
   */
  readonly code: string;
  /** The number on the wire; absent when the error is the client's own. */
  readonly rpcCode?: number;
  /** What to do about it. */
  readonly hint?: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly instanceId?: string;
  readonly data?: RunnerErrorData;
  readonly cause?: unknown;
}

/** `CONNECTION_LOST`, `AGENT_UNAVAILABLE` when there was no connection at all, `PROTOCOL_ERROR` when no agent is at the other end. */
export class ConnectionLostError extends RunnerError {
  /** Whether the request may have reached the agent. */
  readonly sent: boolean;
}

/** The signal was aborted: `code` is `CANCELLED`, `name` is `AbortError` or `TimeoutError`, `cause` the signal's reason. */
export class CancelledError extends RunnerError {}

/** `REQUEST_TIMEOUT`: the agent did not answer in time, and was told to cancel the call. */
export class RequestTimeoutError extends RunnerError {}

/** Methods whose params may be left out. */
type WithoutParams = { [Name in keyof Methods]: undefined extends Methods[Name]['params'] ? Name : never }[keyof Methods];

export class RunnerClient {
  constructor(options?: ClientOptions);
  readonly socketPath: string;
  request<Name extends WithoutParams>(method: Name, params?: Methods[Name]['params'], options?: RequestOptions): Promise<Methods[Name]['result']>;
  request<Name extends keyof Methods>(method: Name, params: Methods[Name]['params'], options?: RequestOptions): Promise<Methods[Name]['result']>;
  request<Result = unknown>(method: string, params?: object, options?: RequestOptions): Promise<Result>;
  ping(options?: RequestOptions): Promise<AgentPingResult>;
  info(options?: RequestOptions): Promise<AgentInfoResult>;
  start(params: StartParams, options?: RequestOptions & { onProgress?: (progress: Progress) => void }): Promise<Instance>;
  stop(params: StopParams, options?: RequestOptions): Promise<Instance>;
  get(params: { instanceId: string }, options?: RequestOptions): Promise<Instance>;
  list(params?: ListParams, options?: RequestOptions): Promise<ListResult>;
  remove(params: { instanceId: string }, options?: RequestOptions): Promise<RemoveResult>;
  validate(params: ValidateParams, options?: RequestOptions): Promise<ValidateResult>;
  /** One page of the log. */
  logs(params: Omit<LogsParams, 'follow'>, options?: RequestOptions): Promise<LogPage>;
  /** The log as it comes, until the instance ends. */
  followLogs(params: Omit<LogsParams, 'follow' | 'limit'>, options?: StreamOptions): LogStream;
  /** Instances: those there are, then each one again whenever it changes; after a reconnect those there are again. */
  watch(
    params?: WatchParams,
    options?: StreamOptions & {
      /** Gets each snapshot as a whole, before its instances come: what is not in it is gone. */
      onSnapshot?: (instances: Instance[]) => void;
    },
  ): RunnerStream<Instance, WatchResult>;
  /** Ends connection, streams and child; what is under way rejects with `CLIENT_CLOSED`. */
  close(): Promise<void>;
}

export function defaultSocketPath(env?: Record<string, string | undefined>, uid?: number): string;
