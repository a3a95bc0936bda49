/** An example day has an inverse contract, a future that ends, computed funding and collateral of three currencies. */

import { createState } from '../../src/core/engine/genesis';
import { loadDay } from '../../src/interop/day';
import { endOfFuture } from '../../src/interop/exampleContracts';
import { CURRENCY } from '../../src/interop/population';
import { createReplay, STANDARD } from '../../src/interop/replay';
import { createSummary, type Summarizer } from '../../src/interop/summary';
import { createMemoryJournal } from '../../src/journal/memory';
import { manualClock } from '../../src/sequencer/clock';
import { verify } from '../../src/sequencer/recover';
import { createSequencer } from '../../src/sequencer/sequencer';
import { instant } from '../../src/units/quantity';

const DAY = '2020-03-12';

async function live(
  clients: number,
  contracts: boolean,
): Promise<{ summarizer: Summarizer; executed: string; lived: string }> {
  const journal = createMemoryJournal();
  const faults: unknown[] = [];
  const onFatal = (error: unknown): unknown => faults.push(error);
  const house = createSequencer({ state: createState(), journal, clock: manualClock(instant(0)), onFatal });
  const summarizer = createSummary(CURRENCY);
  const observe = summarizer.observe;
  await createReplay(house, { ...STANDARD, day: DAY, clients, contracts, observe }).run();
  const { digest: lived } = await house.digest();
  await house.close();
  expect(faults).toEqual([]);
  const { digest: executed } = await verify(journal);
  return { summarizer, executed, lived };
}

/** The average of the index by time over the half hour before the end, from the prices of the day alone. */
function averageBeforeEnd(): number {
  const day = loadDay(DAY);
  const end = endOfFuture(day);
  const from = end - 30 * 60_000;
  const bitcoin = day.rounds.map(({ at, prices }) => ({
    at,
    price: Math.trunc(Number(prices.find(({ instrument }) => instrument === 'BTC-PERP')?.price) * 10) / 10,
  }));
  const counted = bitcoin.map(({ at, price }, n) => {
    const until = Math.min(bitcoin[n + 1]?.at ?? end, end);
    return price * Math.max(0, until - Math.max(at, from));
  });
  return counted.reduce((sum, part) => sum + part, 0) / (end - from);
}

test('EX-1 PS-5 QC-2 DS-1 a day with every sort of contract pays its gains, its funding and its end, and replays', async () => {
  const { summarizer, executed, lived } = await live(90, true);
  expect(executed).toBe(lived);
  const { sorts, collateral } = summarizer.contracts;
  const [dollars, coin, dated] = [...sorts.values()];
  expect([dollars?.instruments, coin?.instruments, dated?.instruments]).toEqual([
    ['BTC-PERP', 'ETH-PERP'],
    ['BTC-COIN'],
    ['BTC-DATED'],
  ]);
  for (const sort of [dollars, coin, dated]) expect(sort?.gains).toBeGreaterThan(0n);

  // A fall of a third within hours: whoever is short pays, at a rate that the house made of what it sampled.
  expect(coin?.funding).toBeGreaterThan(0n);
  expect(coin?.rates?.lowest).toBeLessThan(0n);
  expect(dollars?.rates).toEqual({ lowest: 100_000_000n, highest: 100_000_000n });

  const [price, ...how] = (dated?.end ?? '').split(' ');
  expect(how.join(' ')).toBe('USDT, average of the index');
  expect(Math.abs(Number(price) - averageBeforeEnd())).toBeLessThan(0.01);

  expect([...collateral.keys()].sort()).toEqual(['BTC', 'ETH', 'USDT']);
  for (const currency of ['BTC', 'ETH']) expect(collateral.get(currency)?.sold).toBeGreaterThan(0n);
}, 120_000);

test('a day that was begun before there were other contracts goes on without them', async () => {
  const { summarizer } = await live(6, false);
  expect([...summarizer.contracts.sorts.values()].map(({ instruments }) => instruments)).toEqual([
    ['BTC-PERP', 'ETH-PERP'],
  ]);
}, 120_000);
