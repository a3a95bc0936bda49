/** A caller with a key, who looks at the whole answer: its status, its data, and the codes of what went wrong. */

import { Agent, request } from 'node:http';

export interface Door {
  readonly url: string;
  readonly secret: string;
}

export interface Answer {
  readonly status: number; // 0: there was none
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly codes: readonly string[];
  readonly reasons: readonly string[];
}

interface Problem {
  readonly extensions?: { readonly code?: string; readonly reason?: string };
}

const NOTHING: Answer = { status: 0, data: null, codes: [], reasons: [] };
const PATIENCE_MS = 30_000;

export const call = (door: Door, query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Answer> =>
  post(door, JSON.stringify({ query, variables }));

/** Connections are kept, as any client keeps them, until it hangs up. */
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
export const hangUp = (): void => agent.destroy();

export function post({ url, secret }: Door, body: string): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${secret}`,
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve) => {
    const asked = request(url, { agent, method: 'POST', headers, timeout: PATIENCE_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(answerOf(response.statusCode ?? 0, text)));
      response.on('error', () => resolve(NOTHING));
    });
    // Reset, closed, or nobody there.
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(NOTHING));
    asked.end(body);
  });
}

function answerOf(status: number, text: string): Answer {
  try {
    const { data = null, errors = [] } = JSON.parse(text) as { data?: Answer['data']; errors?: readonly Problem[] };
    const codes = errors.map(({ extensions }) => extensions?.code ?? 'NO CODE');
    return { status, data, codes, reasons: errors.flatMap(({ extensions }) => extensions?.reason ?? []) };
  } catch {
    return { status, data: null, codes: ['NO JSON'], reasons: [] };
  }
}

/** What a caller may be told who asks for too much, or for nonsense. */
const TYPED: ReadonlySet<number> = new Set([200, 400, 403, 413, 429, 503]);

/** What is wrong with an answer, whatever was asked. */
export function untyped({ status, data, codes }: Answer): string | undefined {
  if (!TYPED.has(status)) return `status ${status} ${codes.join(' ')}`;
  if (codes.some((code) => ['NO CODE', 'NO JSON', 'INTERNAL_SERVER_ERROR'].includes(code))) return codes.join(' ');
  return status === 200 || codes.length > 0
    ? data === null && codes.length === 0
      ? 'neither data nor an error'
      : undefined
    : 'no code';
}

/** Asked again later it may be done: nobody answered, or the house says so. */
export const isPassing = ({ status, codes }: Answer): boolean =>
  status === 0 || codes.some((code) => ['UNAVAILABLE', 'TIMED_OUT', 'RATE_LIMITED'].includes(code));

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves with whether it came true in time. */
export async function comesTrue(holds: () => Promise<boolean>, patienceMs = 60_000): Promise<boolean> {
  const until = performance.now() + patienceMs;
  for (;;) {
    if (await holds()) return true;
    if (performance.now() > until) return false;
    await pause(100);
  }
}

/** The status of a page beside the API, such as /readyz; 0 where there is no answer. */
export async function statusOf({ url }: Pick<Door, 'url'>, path: string): Promise<number> {
  try {
    const response = await fetch(new URL(path, url), {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.text();
    return response.status;
  } catch {
    return 0;
  }
}

/** A figure of /metrics. */
export async function metricOf({ url }: Pick<Door, 'url'>, name: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', url), { headers: { connection: 'close' } })).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}
