import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RunnerClient, StartParams } from '../../index';

export type RunnerPermission = 'read' | 'start' | 'stop';

/** Who asks: a user's entity ref, or the subject of a service. It is kept with what it starts, for audit. */
export interface Principal {
  userEntityRef?: string;
  subject?: string;
}

export interface RestLogger {
  debug(message: string, meta?: any): void;
  info(message: string, meta?: any): void;
  warn(message: string, meta?: any): void;
  error(message: string, meta?: any): void;
}

export interface RouterOptions {
  client: RunnerClient;
  /**
   * Throws when the request may not do this; an error's `name` gives the status, as Backstage's errors have it. `cookie`: a
   * browser may open this endpoint by itself. By default everybody may do everything.
   */
  authorize?(request: { req: IncomingMessage; permission: RunnerPermission; cookie: boolean }): Promise<Principal>;
  /** What the agent is to run for an entity ref; by default nothing but the ref, which the agent looks up itself. */
  describeStart?(request: {
    /** All lower case, as in `component:default/web`. */
    entityRef: string;
    req: IncomingMessage;
    principal: Principal;
  }): Promise<Partial<StartParams>>;
  logger?: RestLogger;
  /** Default true. False hands errors, without anything a caller must not see, to `next`. */
  answerErrors?: boolean;
  /** Default 15 000. */
  heartbeatMs?: number;
  /** Default 15 000. */
  callTimeoutMs?: number;
  /** Cuts a stream after that long, so that its reader asks again and shows its credentials; default 0, never. */
  streamLimitMs?: number;
  /** Default true. False: `GET /health` tells nothing but the status. */
  healthDetails?: boolean;
}

/** For express, for Backstage's httpRouter, and for node:http. */
export interface RunnerRouter {
  (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void): void;
  /** Cuts every stream. */
  close(): void;
}

export function createRouter(options: RouterOptions): RunnerRouter;

/** `[kind:][namespace/]name` in the one form that is compared and stored; throws an `InputError`. */
export function canonicalEntityRef(text: string): string;
