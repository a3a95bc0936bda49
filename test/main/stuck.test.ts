/**
 * A house whose read models are stuck at an entry: it starts, it takes commands, it says where it is stuck, and a
 * rebuild mends it.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { SYSTEM } from '../../src/core/model/actor';
import { projectionFolder, readConfig } from '../../src/main/config';
import { createDayClock } from '../../src/main/dayClock';
import { rebuildCommand } from '../../src/main/maintenance';
import { type OpenHouse, openHouse } from '../../src/main/openHouse';
import { RowsStuck } from '../../src/projections/follow/stuck';
import { openEmbedded } from '../../src/store/client';
import { START } from '../support/house';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'novate-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

const LINES: string[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => void LINES.push(line) });

const opened = (): Promise<OpenHouse> => {
  const config = { ...readConfig({ data }, {}), databaseUrl: null };
  const onFatal = (error: unknown): void => {
    throw error;
  };
  return openHouse({ config, clock: createDayClock(START), log, engine: 'INLINE', onFatal });
};

const admit = (open: OpenHouse, member: string) =>
  open.house.submit([{ actor: SYSTEM, key: member, command: { type: 'AdmitMember', member, name: member } }]);

async function inDatabase(script: string): Promise<void> {
  const store = await openEmbedded(projectionFolder(data));
  await store.transaction(({ exec }) => exec(script));
  await store.close();
}

async function membersOf(open: OpenHouse): Promise<{ members: string[]; fresh: boolean }> {
  return open.reader.snapshot({ committed: open.house.status().seq }, async ({ db, fresh }) => {
    const rows = await db.member.findMany({ orderBy: { id: 'asc' }, where: { id: { startsWith: 'm' } } });
    return { members: rows.map(({ id }) => id), fresh };
  });
}

test('X-1 X-3 a house with a bad row starts, serves, and is whole again after the fix and a rebuild', async () => {
  const first = await opened();
  await admit(first, 'm1');
  await first.projector.waitFor(first.house.status().seq, 20_000);
  const good = first.house.status().seq;
  await first.close();
  await inDatabase(`ALTER TABLE "Member" ADD CONSTRAINT "Member_not_this" CHECK ("id" <> 'm2')`);

  const second = await opened();
  await admit(second, 'm2');
  await admit(second, 'm3');
  await second.close();
  const stuck = await opened();
  await admit(stuck, 'm4');
  const entry = { seq: good + 1, command: 'AdmitMember', constraint: 'Member_not_this' };
  while (!(stuck.projector.problem instanceof RowsStuck)) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(stuck.projector.problem.entry).toMatchObject(entry);
  expect(await membersOf(stuck)).toEqual({ members: ['m1'], fresh: false });
  await stuck.close();
  expect(LINES.join('')).toContain('read models are stuck at an entry');

  await inDatabase('ALTER TABLE "Member" DROP CONSTRAINT "Member_not_this"');
  await rebuildCommand({ data });
  const whole = await opened();
  await whole.projector.waitFor(whole.house.status().seq, 60_000);
  expect(await membersOf(whole)).toEqual({ members: ['m1', 'm2', 'm3', 'm4'], fresh: true });
  expect(whole.projector.following()).toMatchObject({ caughtUp: true, problem: undefined });
  await whole.close();
}, 180_000);
