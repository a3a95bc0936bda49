/**
 * Files that break while they are open: whoever reads a broken page fails, the owner is told, and the folder is not
 * trusted again.
 */

import { openEmbedded } from '../../src/store/client';
import { discardFolder, StoreDamaged } from '../../src/store/folder';
import { migratedFolder } from '../support/embedded';

/** A statement that fails as one that reads a broken page does. */
const failing = (code: string): string =>
  `DO $$ BEGIN RAISE EXCEPTION 'it does not check' USING ERRCODE = '${code}'; END $$`;

let folder: string;
beforeEach(async () => {
  folder = await migratedFolder();
});
afterEach(() => discardFolder(folder));

test.each([
  ['broken data', 'XX001', 'by itself'],
  ['a broken index', 'XX002', 'in a transaction'],
])(
  'X-4 a query that meets %s tells it, and the next start is told too',
  async (_what, code, how) => {
    const lost: Error[] = [];
    const store = await openEmbedded(folder, { onLost: (error) => lost.push(error) });
    const { prisma } = store;
    const query =
      how === 'by itself'
        ? prisma.$executeRawUnsafe(failing(code))
        : prisma.$transaction((db) => db.$executeRawUnsafe(failing(code)));
    await expect(query).rejects.toThrow('it does not check');
    while (lost.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(lost).toEqual([expect.any(StoreDamaged)]);
    await store.close();
    await expect(openEmbedded(folder)).rejects.toThrow('it was found broken while it was open');
  },
  60_000,
);

test('a query that fails for any other reason breaks nothing', async () => {
  const lost: Error[] = [];
  const store = await openEmbedded(folder, { onLost: (error) => lost.push(error) });
  await expect(store.prisma.$executeRawUnsafe(failing('22000'))).rejects.toThrow('it does not check');
  await expect(store.prisma.$queryRaw`SELECT * FROM nowhere`).rejects.toThrow('nowhere');
  await store.close();
  await (await openEmbedded(folder, { onLost: (error) => lost.push(error) })).close();
  expect(lost).toEqual([]);
}, 60_000);
