/**
 * The journal through the API: numbered without gaps, bound by a hash chain that anybody can check, shown as far as the
 * rest of the answer.
 */

import { createHash } from 'node:crypto';
import { act, payment } from '../acts';
import { givenPerpetual, mark, openServer, pay, type TestServer, trade } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  for (const account of ['alice', 'bob']) await pay(server, account, '25000');
  await trade(server, 'alice', 'bob', '10');
  await mark(server, '48600');
});
afterAll(() => server.close());

interface Entry {
  readonly seq: string;
  readonly at: string;
  readonly actor: string;
  readonly key: string | null;
  readonly commandType: string;
  readonly events: string[];
  readonly rejections: readonly string[];
  readonly text: string;
  readonly hash: string;
}
const FIELDS = 'seq at actor key commandType events rejections text hash';

async function wholeJournal(size: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let after: string | null = null; ; ) {
    const { journal }: { journal: { nodes: Entry[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } =
      await server.get(
        'auditor',
        `query ($after: Cursor) { journal(first: ${size}, after: $after) { nodes { ${FIELDS} } pageInfo { ` +
          `hasNextPage endCursor } } }`,
        { after },
      );
    entries.push(...journal.nodes);
    if (!journal.pageInfo.hasNextPage) return entries;
    after = journal.pageInfo.endCursor;
  }
}

test('DS-1 every entry is there, numbered from 1 without gaps, with what it caused', async () => {
  const entries = await wholeJournal(7);
  expect(entries.map(({ seq }) => Number(seq))).toEqual(
    Array.from({ length: server.house.status().seq }, (_, i) => i + 1),
  );
  expect(entries.at(-1)).toMatchObject({ actor: 'system', commandType: 'SubmitMarkPrices', rejections: [] });
  expect(entries.at(-1)?.events).toEqual(
    expect.arrayContaining(['MARK_PRICE_SET', 'ACCOUNT_STATUS_CHANGED', 'MARGIN_CALL_ISSUED']),
  );
});

test('DS-1 the hashes are those of the texts, each over the one before', async () => {
  let hash = '0'.repeat(64);
  for (const entry of await wholeJournal(100)) {
    hash = createHash('sha256').update(`${hash}\n${entry.text}`).digest('hex');
    expect(entry.hash).toBe(hash);
    expect(JSON.parse(entry.text)).toMatchObject({ command: { type: entry.commandType } });
  }
  const { house } = await server.get<{ house: { hash: string; seq: string } }>('auditor', '{ house { hash seq } }');
  expect(house).toEqual({ hash, seq: String(server.house.status().seq) });
});

test('a part of it is named by its first and last entry', async () => {
  const part = async (args: string): Promise<unknown> => {
    const { journal } = await server.get<{ journal: { nodes: { seq: string }[]; totalCount: number } }>(
      'auditor',
      `{ journal(${args}) { nodes { seq } totalCount } }`,
    );
    return [journal.nodes.map(({ seq }) => Number(seq)), journal.totalCount];
  };
  expect(await part('first: 10, from: "3", to: "5"')).toEqual([[3, 4, 5], 3]);
  expect(await part('last: 2, from: "3", to: "5"')).toEqual([[4, 5], 3]);
  expect(await part('first: 10, from: "5", to: "3"')).toEqual([[], 0]);
  expect(await part('first: 10, from: "1000000"')).toEqual([[], 0]);
});

test('who did what under which key is in it, and a refusal is too', async () => {
  const { seq } = await act(server, 'broker', 'depositCollateral', {
    ...payment('alice', '0.001'),
    idempotencyKey: 'a-key',
  });
  const { journal } = await server.get<{ journal: { nodes: Entry[] } }>(
    'officer',
    `{ journal(first: 1, from: "${seq}") { nodes { ${FIELDS} } } }`,
  );
  expect(journal.nodes[0]).toMatchObject({
    seq,
    actor: 'broker',
    key: 'a-key',
    commandType: 'DepositCollateral',
    events: [],
    rejections: ['TOO_MANY_DIGITS'],
  });
});

test('X-3 the digest is that of the house as it is', async () => {
  const { house } = await server.get<{ house: { digest: object } }>('auditor', '{ house { digest { seq digest } } }');
  const { seq, digest } = await server.house.digest();
  expect(house.digest).toEqual({ seq: String(seq), digest });
});
