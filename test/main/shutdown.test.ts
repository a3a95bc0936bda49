/**
 * The end of the program by a signal: what is in flight is answered, sockets are told to come back, and nothing hangs.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { runTypeScript, type TestProcess } from '../support/child';
import { ROOT } from '../support/source';

const CLI = join(ROOT, 'src/main/cli.ts');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'novate-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Started {
  readonly process: TestProcess;
  readonly url: string;
  readonly key: string; // of an administrator
}

async function started(): Promise<Started> {
  const process = runTypeScript(CLI, 'start', '--empty', '--data', folder, '--port', '0');
  const line = await process.printed((text) => text.startsWith('The house is open at '));
  const key =
    process.lines
      .find((text) => text.trim().startsWith('ADMIN'))
      ?.trim()
      .split(/\s+/)
      .pop() ?? '';
  return { process, url: line.split(' ')[5]?.replace(/\.$/, '') ?? '', key };
}

type End = { readonly status: number; readonly retryAfter: string | null } | { readonly lost: string };

/** Posts mutations one after the other until one is not done; says how that one ended. */
async function posting({ url, key }: Started, worker: number, done: () => void): Promise<End> {
  for (let i = 0; ; i++) {
    const input = { member: `m-${worker}-${i}`, name: 'Member', idempotencyKey: `k-${worker}-${i}` };
    const query = 'mutation ($input: AdmitMemberInput!) { admitMember(input: $input) { outcome } }';
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ query, variables: { input } }),
      });
      const body = (await response.json()) as { data?: object };
      if (response.status !== 200) return { status: response.status, retryAfter: response.headers.get('retry-after') };
      if (!body.data) return { lost: JSON.stringify(body) };
      done();
    } catch (error) {
      const { cause, message } = error as Error & { cause?: { code?: string } };
      return { lost: cause?.code ?? message };
    }
  }
}

test('SIGTERM answers what is in flight, sends sockets away to come back, and exits with 0', async () => {
  const house = await started();
  const closes: number[] = [];
  let completed = false;
  const client = createClient({
    url: house.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${house.key}` },
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 10)),
    on: { closed: (event) => closes.push((event as { code: number }).code) },
  });
  const subscribed = new Promise<void>((resolve, reject) => {
    client.subscribe(
      { query: 'subscription { accountHealth(accounts: ["nobody"], snapshot: true) { kind } }' },
      {
        next() {
          resolve();
        },
        error: reject,
        complete() {
          completed = true;
        },
      },
    );
  });
  await subscribed;
  let done = 0;
  const posts = Array.from({ length: 10 }, (_, i) =>
    posting(house, i, () => void (++done === 30 && house.process.child.kill('SIGTERM'))),
  );
  const all = await Promise.all(posts);
  expect(done).toBeGreaterThanOrEqual(30);
  expect(await house.process.ended).toBe(0);
  expect(completed).toBe(false);
  // It is in the middle of an attempt to come back.
  await Promise.resolve(client.dispose()).catch(() => undefined);
  for (const end of all)
    expect('status' in end ? [503, /^\d+$/.test(end.retryAfter ?? '')] : end.lost).toEqual(
      'status' in end ? [503, true] : 'ECONNREFUSED',
    );
  expect(closes[0]).toBe(1012);
}, 120_000);
