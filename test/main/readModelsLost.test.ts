/**
 * Read models that are lost while the house is open: it takes commands all the same, says that it cannot be read, and
 * starts again whole.  Rules
 */

import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { SYSTEM } from '../../src/core/model/actor';
import { hashOfSecret } from '../../src/graphql/access/keys';
import { projectionFolder, readConfig } from '../../src/main/config';
import { silentLog } from '../../src/main/logger';
import { type OpenHouse, openHouse } from '../../src/main/openHouse';
import { serve } from '../../src/main/serve';
import { createClock } from '../../src/sequencer/clock';
import { temporaryFolders } from '../journal/folders';
import { migratedFolder } from '../support/embedded';

const mockStarted: Worker[] = [];
jest.mock('node:worker_threads', () => {
  const actual = jest.requireActual<typeof import('node:worker_threads')>('node:worker_threads');
  class Noted extends actual.Worker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given);
      mockStarted.push(this);
    }
  }
  return { ...actual, Worker: Noted };
});

const newFolder = temporaryFolders();
const SECRET = 'nvk_secret-of-whoever-looks';

async function opened(data: string, faults: unknown[]): Promise<OpenHouse> {
  const onFatal = (error: unknown): void => void faults.push(error);
  return openHouse({
    config: readConfig({ data, port: '0' }, {}),
    clock: createClock({ ahead: 0 }),
    engine: 'INLINE',
    log: silentLog(),
    onFatal,
  });
}

const admit = (i: number) =>
  ({ actor: SYSTEM, key: null, command: { type: 'AdmitMember', member: `m${i}`, name: 'One' } }) as const;

test.each([
  ['whose thread ends', async () => void (await mockStarted.at(-1)?.terminate())],
  [
    'whose pages break',
    async ({ store }: OpenHouse) => {
      const broken = `DO $$ BEGIN RAISE EXCEPTION 'it does not check' USING ERRCODE = 'XX001'; END $$`;
      await store.prisma.$executeRawUnsafe(broken).catch(() => undefined);
    },
  ],
])(
  'read models %s',
  async (_how, lose) => {
    const data = await newFolder();
    const prepared = await migratedFolder();
    cpSync(prepared, projectionFolder(data), { recursive: true });
    rmSync(prepared, { recursive: true });
    const faults: unknown[] = [];
    const open = await opened(data, faults);
    const key = {
      type: 'IssueApiKey',
      apiKey: 'k',
      role: 'AUDITOR',
      member: null,
      hash: hashOfSecret(SECRET),
      label: '',
    } as const;
    await open.house.submit([{ actor: SYSTEM, key: null, command: key }]);
    const served = await serve({ config: readConfig({ data, port: '0' }, {}), open, log: silentLog() });
    await lose(open);
    expect(await open.house.submit([admit(1)])).toMatchObject([{ seq: 2 }]);
    if (_how === 'whose thread ends') {
      while (!open.projector.problem) await new Promise((resolve) => setTimeout(resolve, 10));
      const answer = await fetch(served.server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${SECRET}` },
        body: JSON.stringify({ query: '{ members(first: 1) { totalCount } }' }),
      });
      const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] };
      expect(errors[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE', reason: 'DATABASE_DOWN' });
      expect((await fetch(new URL('/readyz', served.server.url))).status).toBe(503);
      expect((await fetch(new URL('/healthz', served.server.url))).status).toBe(200);
    }
    expect(await open.house.submit([admit(2)])).toMatchObject([{ seq: 3 }]);
    await served.close();
    expect(faults).toEqual([]);

    const again = await opened(join(data), faults);
    await again.projector.waitFor(3, 100_000);
    expect([again.house.status().seq, again.projector.seq]).toEqual([3, 3]);
    expect(await again.store.prisma.member.count()).toBe(2);
    await again.close();
  },
  120_000,
);
