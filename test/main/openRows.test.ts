/** A house in a folder is served while the database of its read models is still being opened.  Rules, DS-3 */

import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SYSTEM } from '../../src/core/model/actor';
import { hashOfSecret } from '../../src/graphql/access/keys';
import { JournalShortened } from '../../src/journal/witness';
import { headPath, projectionFolder, readConfig, rowsHeadPath } from '../../src/main/config';
import { silentLog } from '../../src/main/logger';
import { type OpenHouse, openHouse } from '../../src/main/openHouse';
import { serve } from '../../src/main/serve';
import { createClock } from '../../src/sequencer/clock';
import { temporaryFolders } from '../journal/folders';
import { migratedFolder } from '../support/embedded';

const newFolder = temporaryFolders();
const SECRET = 'nvk_secret-of-whoever-looks';
const key = {
  type: 'IssueApiKey',
  apiKey: 'k',
  role: 'ADMIN',
  member: null,
  hash: hashOfSecret(SECRET),
  label: '',
} as const;
const admit = (i: number) =>
  ({ actor: SYSTEM, key: null, command: { type: 'AdmitMember', member: `m${i}`, name: 'One' } }) as const;

const configOf = (data: string) => readConfig({ data, port: '0' }, {});

const openOf = (data: string, onFatal: (error: unknown) => void): Promise<OpenHouse> =>
  openHouse({ config: configOf(data), clock: createClock({ ahead: 0 }), engine: 'INLINE', log: silentLog(), onFatal });

let mockGate: Promise<void> | undefined;
let mockClaims = 0;
jest.mock('../../src/store/folder', () => {
  const actual = jest.requireActual<typeof import('../../src/store/folder')>('../../src/store/folder');
  const claimFolder: typeof actual.claimFolder = async (place) => {
    mockClaims += 1;
    await mockGate;
    return actual.claimFolder(place);
  };
  return { ...actual, claimFolder };
});

let go = (): void => undefined;

/** From now on the database is opened when the test says so. */
function hold(): void {
  mockClaims = 0;
  mockGate = new Promise<void>((resolve) => {
    go = () => {
      mockGate = undefined;
      resolve();
    };
  });
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 10));
}

let data: string;
const faults: unknown[] = [];

beforeAll(async () => {
  data = await newFolder();
  const prepared = await migratedFolder();
  cpSync(prepared, projectionFolder(data), { recursive: true });
  rmSync(prepared, { recursive: true });
  const first = await openOf(data, (error) => faults.push(error));
  await first.house.submit([{ actor: SYSTEM, key: null, command: key }, admit(1)]);
  expect(await first.projector.waitFor(2, 30_000)).toBe(true);
  await first.close();
}, 60_000);

afterEach(() => go());

test('commands do not wait for it, and queries say that it is being opened', async () => {
  hold();
  const open = await openOf(data, (error) => faults.push(error));
  const served = await serve({ config: configOf(data), open, log: silentLog() });
  const ask = async (query: string): Promise<{ data: unknown; errors?: { extensions: object }[] }> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${SECRET}` };
    const answer = await fetch(served.server.url, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return (await answer.json()) as { data: unknown; errors?: { extensions: object }[] };
  };
  const admitted = await ask(
    'mutation { admitMember(input: { member: "m2", name: "Two", idempotencyKey: "m2" }) { outcome seq } }',
  );
  expect(admitted).toMatchObject({ data: { admitMember: { outcome: 'DONE', seq: '3' } } });
  const members = '{ members(first: 5) { totalCount } }';
  const { errors } = await ask(members);
  expect(errors?.map(({ extensions }) => extensions)).toMatchObject([
    { code: 'UNAVAILABLE', reason: 'READ_MODELS_OPENING', retryAfterMs: 1_000 },
  ]);
  expect((await fetch(new URL('/readyz', served.server.url))).status).toBe(503);
  expect((await fetch(new URL('/metrics', served.server.url))).status).toBe(200);
  expect([mockClaims, open.projector.following().opening]).toEqual([1, true]);
  go();
  expect(await open.projector.waitFor(3, 30_000)).toBe(true);
  expect(await ask(members)).toMatchObject({ data: { members: { totalCount: 2 } } });
  await served.close();
  expect(faults).toEqual([]);
}, 60_000);

test('a house that is closed meanwhile closes it as well', async () => {
  hold();
  const open = await openOf(data, (error) => faults.push(error));
  const closing = open.close();
  go();
  await closing;
  const again = await openOf(data, (error) => faults.push(error));
  expect(await again.projector.waitFor(3, 30_000)).toBe(true);
  await again.close();
  expect(faults).toEqual([]);
}, 60_000);

test('where no head speaks for the journal the rows are asked first', async () => {
  const head = readFileSync(headPath(data));
  rmSync(headPath(data));
  rmSync(rowsHeadPath(data));
  hold();
  const opening = openOf(data, (error) => faults.push(error));
  await until(() => mockClaims === 1);
  const first = await Promise.race([
    opening.then(() => 'open'),
    new Promise((resolve) => setTimeout(() => resolve('waits'), 100)),
  ]);
  expect(first).toBe('waits');
  go();
  await (await opening).close();
  writeFileSync(headPath(data), head);
}, 60_000);

test('rows that know more than the journal and its head stop the house when they are asked', async () => {
  const older = await newFolder();
  const first = await openOf(older, (error) => faults.push(error));
  await first.house.submit([admit(1)]);
  await first.close();
  rmSync(projectionFolder(older), { recursive: true, force: true });
  cpSync(projectionFolder(data), projectionFolder(older), { recursive: true });
  const fatal: unknown[] = [];
  const open = await openOf(older, (error) => fatal.push(error));
  await until(() => fatal.length > 0);
  await open.close();
  expect(fatal).toEqual([expect.any(JournalShortened)]);
  expect((fatal[0] as JournalShortened).lost).toEqual({ from: 2, to: 3 });
}, 60_000);
