// Compiled, never run: the declarations as a user of the package meets them.
import { ConnectionLostError, RunnerClient, RunnerError, defaultSocketPath, type Instance, type LogRecord } from '../index';

export async function example(client: RunnerClient, signal: AbortSignal): Promise<string[]> {
  const instance: Instance = await client.start(
    { source: { path: '/srv/hello' }, wait: 'healthy' },
    { signal, onProgress: ({ phase, message }) => console.log(phase ?? '', message) },
  );
  const texts: string[] = [];
  for await (const record of client.followLogs({ instanceId: instance.id, tail: 10 }, { signal })) texts.push(text(record));
  for await (const change of client.watch({ instanceId: instance.id })) if (change.status === 'stopped') break;
  const { instances } = await client.list({ status: ['running'] });
  return [...texts, ...instances.map(({ endpoints }) => endpoints[0]?.url ?? defaultSocketPath())];
}

export function retry(error: unknown): boolean {
  if (error instanceof ConnectionLostError) return !error.sent;
  return error instanceof RunnerError && error.code === 'PORT_IN_USE' && error.retryable;
}

function text(record: LogRecord): string {
  return 'gap' in record ? `lost ${record.gap.from}..${record.gap.to}` : record.text ?? '';
}

// @ts-expect-error: a location or a path, not neither
void new RunnerClient().start({ source: {} });
