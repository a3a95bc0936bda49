/** Streams sleep through what says nothing to them, however much of it there is, and miss nothing that does. */

import type { Entry } from '../../../src/core/message/envelope';
import { createPulse } from '../../../src/graphql/live/pulse';
import type { Delivery } from '../../../src/graphql/subscription/delivery';
import { stoppable } from '../../../src/graphql/subscription/open';
import { follow } from '../../../src/graphql/subscription/stream';
import type { Committed, House } from '../../../src/sequencer/house';

const LIMITS = { heartbeatMs: 60_000, resumeEntries: 1_000, lagEntries: 1_000, healthIntervalMs: 100 };
const BEAT_MS = 40;

const entryOf = (seq: number, type: string): Entry =>
  ({ seq, at: seq * 1_000, outcome: { type: 'ACCEPTED', events: [{ type }] } }) as unknown as Entry;

/** A house that commits what it is told to, and counts how often it is read. */
function givenHouse() {
  const entries: Entry[] = [];
  const listeners = new Set<(batch: readonly Committed[]) => void>();
  const counts = { reads: 0 };
  const house = {
    status: () => ({ seq: entries.length, now: Date.now() }),
    follow(listener: (batch: readonly Committed[]) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async *read(after: number) {
      counts.reads += 1;
      for (const entry of entries.slice(after)) yield { entry };
    },
  } as unknown as House;
  const commit = (...types: string[]): void => {
    const batch = types.map((type) => entryOf(entries.push({} as Entry), type));
    entries.splice(entries.length - batch.length, batch.length, ...batch);
    for (const listener of listeners) listener(batch.map((entry) => ({ seq: entry.seq, entry }) as Committed));
  };
  return { house, commit, counts, pulse: createPulse(house) };
}

type Given = ReturnType<typeof givenHouse>;

function streamOf({ house, pulse }: Given, type: string, heartbeatMs = LIMITS.heartbeatMs, after = pulse.seq) {
  const source = { house, pulse, limits: { ...LIMITS, heartbeatMs } };
  const start = { after, done: 0, count: 0 };
  return stoppable<Delivery>((stopped) =>
    follow(source, type, start, (event) => (event.type === type ? () => ({ of: type }) : undefined), stopped),
  );
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};

test('X-7 a thousand entries that say nothing to a stream are not read for it, and the next that does is', async () => {
  const given = givenHouse();
  const stream = streamOf(given, 'MarginCallIssued');
  const first = stream.next();
  await turns();
  for (let i = 0; i < 1_000; i++) given.commit('CollateralDeposited');
  await turns();
  expect(given.counts.reads).toBe(0);
  given.commit('CollateralDeposited', 'MarginCallIssued', 'CollateralDeposited');
  expect((await first).value).toMatchObject({ kind: 'EVENT', seq: 1_002, streamSeq: 1 });
  expect(given.counts.reads).toBe(1);
  await stream.return?.();
});

test('X-7 what says something to one topic wakes no stream of another', async () => {
  const given = givenHouse();
  const [calls, marks] = [streamOf(given, 'MarginCallIssued'), streamOf(given, 'MarkPriceSet')];
  const [called, marked] = [calls.next(), marks.next()];
  await turns();
  given.commit('MarkPriceSet');
  expect((await marked).value).toMatchObject({ seq: 1 });
  expect(given.counts.reads).toBe(1);
  given.commit('MarginCallIssued');
  expect((await called).value).toMatchObject({ seq: 2, streamSeq: 1 });
  await calls.return?.();
  await marks.return?.();
});

test('B1-2 a stream that begins behind reads what was there before anybody looked, and what came while it took its time', async () => {
  const given = givenHouse();
  given.commit('MarginCallIssued');
  given.commit('CollateralDeposited');
  const stream = streamOf(given, 'MarginCallIssued', LIMITS.heartbeatMs, 0);
  expect((await stream.next()).value).toMatchObject({ seq: 1, streamSeq: 1 });
  given.commit('MarginCallIssued');
  expect((await stream.next()).value).toMatchObject({ seq: 3, streamSeq: 2 });
  await stream.return?.();
});

test('X-7 a heartbeat stands behind what was passed over without being read', async () => {
  const given = givenHouse();
  const stream = streamOf(given, 'MarginCallIssued', BEAT_MS);
  const beat = stream.next();
  await turns();
  given.commit('CollateralDeposited', 'CollateralDeposited');
  expect((await beat).value).toMatchObject({ kind: 'HEARTBEAT', seq: 2, streamSeq: 0 });
  expect(given.counts.reads).toBe(0);
  await stream.return?.();
});
