/** The house that is attacked, as those see it who watch it: what it answers, what it holds open, how large it is. */

import type { Target } from './attack';

/** The data of an answer, or nothing where there is none. */
export async function ask(target: Target, query: string): Promise<Record<string, unknown> | undefined> {
  try {
    const response = await fetch(target.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${target.secret}` },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(30_000),
    });
    const { data, errors } = (await response.json()) as { data?: Record<string, unknown>; errors?: unknown };
    return errors ? undefined : data;
  } catch {
    return undefined;
  }
}

export interface Held {
  readonly connections: number;
  readonly sockets: number;
  readonly handles: number;
  readonly files: number;
  readonly heap: number; // bytes
  readonly resident: number; // bytes
}

const FIGURES: Readonly<Record<keyof Held, string>> = {
  connections: 'novate_connections_open',
  sockets: 'novate_sockets_open',
  handles: 'nodejs_active_handles_total',
  files: 'process_open_fds',
  heap: 'nodejs_heap_size_used_bytes',
  resident: 'process_resident_memory_bytes',
};

export async function heldBy({ url }: Pick<Target, 'url'>): Promise<Held> {
  const text = await (await fetch(new URL('/metrics', url), { headers: { connection: 'close' } })).text();
  const lines = text.split('\n');
  const figure = (name: string): number =>
    Number(lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1] ?? 0);
  return Object.fromEntries(Object.entries(FIGURES).map(([held, name]) => [held, figure(name)])) as unknown as Held;
}

/** Connections of whoever looks, and what the house opens for itself now and then. */
const ALLOWED = 6;

/** A heap is as large as its last collection left it. */
const ALLOWED_BYTES = 150_000_000;
const PATIENCE_MS = 30_000;

/** What is wrong with a house after an attack. What it held before it should hold again, after a while. */
export async function harmOf(target: Target, before: Held): Promise<string[]> {
  const harm: string[] = [];
  const data = await ask(target, '{ asOf { seq } conservation { holds } }');
  if (!data) return ['It does not answer.'];
  if (!(data['conservation'] as { holds: boolean }).holds) harm.push('Money is not conserved.');
  const { status } = await fetch(new URL('/healthz', target.url));
  if (status !== 200) harm.push(`/healthz answers ${status}.`);
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const over = tooMuch(before, await heldBy(target));
    if (over.length === 0) return harm;
    if (performance.now() > until) return [...harm, ...over];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function tooMuch(before: Held, now: Held): string[] {
  const counts = (['connections', 'sockets', 'handles', 'files'] as const).filter(
    (name) => now[name] > before[name] + ALLOWED,
  );
  const over = counts.map((name) => `${now[name]} ${name} are open, ${before[name]} before.`);
  if (now.heap > before.heap + ALLOWED_BYTES) over.push(`The heap has ${now.heap} bytes, ${before.heap} before.`);
  return over;
}
