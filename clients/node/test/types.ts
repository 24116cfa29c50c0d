// Compiled, never run: the declarations as a user of the package meets them.
import {
  CancelledError, ConnectionLostError, RunnerClient, RunnerError, defaultSocketPath,
  type ErrorCode, type Instance, type LogRecord, type StartParams,
} from '../index';

export async function example(client: RunnerClient, signal: AbortSignal): Promise<string[]> {
  const instance: Instance = await client.start(
    { source: { path: '/srv/hello' }, wait: 'healthy' },
    { signal, timeoutMs: 5000, onProgress: ({ phase, message }) => console.log(phase ?? '', message) },
  );
  const texts: string[] = [];
  const stream = client.followLogs({ instanceId: instance.id, tail: 10 }, { signal, onReconnecting: ({ error }) => console.log(error.code) });
  for await (const record of stream) texts.push(text(record));
  for await (const batch of client.followLogs({ instanceId: instance.id, after: stream.lastSeq }).batches()) texts.push(...batch.map(text));
  for await (const change of client.watch({ instanceId: instance.id })) if (change.status === 'stopped') break;
  const { instances } = await client.list({ status: ['running'] });
  return [...texts, ...instances.map(({ endpoints }) => endpoints[0]?.url ?? defaultSocketPath())];
}

export function retry(error: unknown): boolean {
  if (error instanceof CancelledError) return false;
  if (error instanceof ConnectionLostError) return !error.sent;
  const code: ErrorCode = 'PORT_IN_USE';
  return error instanceof RunnerError && error.code === code && error.retryable;
}

export async function anyMethod(client: RunnerClient): Promise<string | undefined> {
  const { socket, engine } = await client.request('agent.info');
  const { instances } = await client.request('runner.list', { limit: 10 }, { timeoutMs: 0 });
  const answer = await client.request<{ later: string }>('later.method', { some: 'params' });
  await client.close();
  return engine.reachable ? instances[0]?.failure?.hint ?? socket : answer.later;
}

function text(record: LogRecord): string {
  return 'gap' in record ? `lost ${record.gap.from}..${record.gap.to}` : record.text ?? '';
}

export const spawning = new RunnerClient({ spawn: { command: '/usr/bin/runner-agent', args: ['--log-level', 'error'] }, onDisconnect: 'stop' });
interface Entity { kind: string; metadata: { name: string } }
export const entityStart = (entity: Entity): StartParams => ({ entity, credentials: { token: 'x' }, ports: [3000, 'auto:80'] });

// @ts-expect-error: a location or a path, not neither
void spawning.start({ source: {} });
// @ts-expect-error: something must say what to start
void spawning.start({ wait: 'running' });
// @ts-expect-error: a stream is asked for with followLogs
void spawning.logs({ instanceId: 'i', follow: true });
