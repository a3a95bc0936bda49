/** How calls went over time, and that the figures are what the event log says, counted again from it. */

import type { Event } from '../../../src/core/message/event';
import { eventsSince } from '../subscription/story';
import { givenPerpetual, type KeyName, mark, openAccount, openServer, pay, type TestServer, trade } from '../support';
import { act, approved } from './api';

interface Statistics {
  readonly issued: number;
  readonly open: number;
  readonly cured: number;
  readonly liquidated: number;
  readonly waived: number;
  readonly cureRate: string | null;
  readonly liquidationRate: string | null;
  readonly meanTimeToCure: string | null;
  readonly days: readonly { readonly day: string; readonly issued: number }[];
  readonly amounts: readonly { readonly currency: string; readonly called: string; readonly paid: string }[];
}

const DAYS = { from: '2025-10-10T00:00:00.000Z', to: '2025-10-13T00:00:00.000Z' };
const QUERY = `query ($from: DateTime!, $to: DateTime!, $member: ID) { marginCallStatistics(from: $from, to: $to,
  member: $member) {
  issued open cured liquidated waived cureRate liquidationRate meanTimeToCure days { day issued } amounts { currency
  called paid } } }`;

let server: TestServer;

const statistics = async (key: KeyName, variables: object = DAYS): Promise<Statistics> =>
  (await server.get<{ marginCallStatistics: Statistics }>(key, QUERY, variables)).marginCallStatistics;

/** Five clients long 1 on 2,000 each; at 49,000 each has 1,000 of 1,225: called. Two of them are another member's. */
const CLIENTS = ['ann', 'ben', 'cat', 'dan', 'eli'];

beforeEach(async () => {
  server = await openServer({ limits: { heartbeatMs: 200 } });
  await givenPerpetual(server);
  await pay(server, 'bob', '9000000');
  await mark(server, '49500');
  for (const [i, client] of CLIENTS.entries()) {
    await openAccount(server, client, i < 3 ? 'broker' : 'rival');
    await pay(server, client, '2480');
    await trade(server, client, 'bob', '1', '49500');
  }
});
afterEach(async () => {
  await server.close();
});

const EMPTY = {
  issued: 0,
  open: 0,
  cured: 0,
  liquidated: 0,
  waived: 0,
  cureRate: null,
  liquidationRate: null,
  meanTimeToCure: null,
};

/** One of each end, over two days, and one that stays open. */
async function twoDays(): Promise<void> {
  await mark(server, '48200');
  await server.pass('20m');
  await pay(server, 'ann', '1000');
  await server.pass('20m');
  await pay(server, 'ben', '500');
  const call = openCalls(await eventsSince(server, server.house.status().seq)).get('dan');
  await approved(server, await act(server, 'officer', 'waiveMarginCall', { call, reason: 'A test' }));
  await server.pass('20m');
  await server.pass('12h');
  await mark(server, '49500');
  await pay(server, 'ann', '100');
  await mark(server, '47000');
}

/** Open calls by account, from the events alone. */
function openCalls(events: readonly Event[]): Map<string, string> {
  const open = new Map<string, string>();
  for (const event of events) {
    if (event.type === 'MarginCallIssued') open.set(event.issued.account, event.issued.id);
    else if (/^MarginCall(Cured|Expired|Superseded|Waived)$/.test(event.type))
      open.delete((event as { account: string }).account);
  }
  return open;
}

/** To 12 digits, as the API has it. */
const shareOf = (part: number, whole: number): string | null =>
  whole === 0 ? null : String(Number((part / whole).toFixed(12)));

/** The statistics, counted from the event log and nothing else. */
async function recounted(of: (account: string) => boolean = () => true): Promise<Statistics> {
  const calls = new Map<string, { day: string; at: number; end: string; took: number; called: bigint; paid: bigint }>();
  for await (const { entry } of server.house.read(0)) {
    for (const event of 'events' in entry.outcome ? entry.outcome.events : []) {
      if (event.type === 'MarginCallIssued' || event.type === 'MarginCallAmended') {
        const { id, account, amount } = event.type === 'MarginCallIssued' ? event.issued : event.amended;
        if (!of(account)) continue;
        const day = new Date(entry.at).toISOString().slice(0, 10);
        const before = calls.get(id) ?? { day, at: entry.at, end: 'OPEN', took: 0, called: 0n, paid: 0n };
        calls.set(id, { ...before, called: amount });
      }
      const call = 'call' in event && typeof event.call === 'string' ? calls.get(event.call) : undefined;
      if (!call) continue;
      if (event.type === 'MarginCallPaid') call.paid = event.paid;
      const end = /^MarginCall(Cured|Expired|Superseded|Waived)$/.exec(event.type)?.[1];
      if (end) Object.assign(call, { end, took: entry.at - call.at });
    }
  }
  const all = [...calls.values()];
  const count = (...ends: string[]): number => all.filter(({ end }) => ends.includes(end)).length;
  const [open, cured, liquidated, waived] = [
    count('OPEN'),
    count('Cured'),
    count('Expired', 'Superseded'),
    count('Waived'),
  ];
  const ended = cured + liquidated + waived;
  const took = all.filter(({ end }) => end === 'Cured').map((call) => call.took);
  const cents = (pick: 'called' | 'paid'): string => {
    const text = all
      .reduce((sum, call) => sum + call[pick], 0n)
      .toString()
      .padStart(3, '0');
    return `${text.slice(0, -2)}.${text.slice(-2)}`;
  };
  const days = [...new Set(all.map(({ day }) => day))].sort();
  return {
    ...{ issued: all.length, open, cured, liquidated, waived },
    cureRate: shareOf(cured, ended),
    liquidationRate: shareOf(liquidated, ended),
    meanTimeToCure: took.length === 0 ? null : `${took.reduce((sum, ms) => sum + ms, 0) / took.length / 60_000}m`,
    days: days.map((day) => ({ day, issued: all.filter((call) => call.day === day).length })),
    amounts: all.length === 0 ? [] : [{ currency: 'USD', called: cents('called'), paid: cents('paid') }],
  };
}

test('MCM-5 calls a day, cure rate, time to cure, share liquidated and amounts are what the event log says', async () => {
  expect(await statistics('officer')).toEqual({ ...EMPTY, days: [], amounts: [] });
  await twoDays();
  const all = await statistics('officer');
  expect(all).toMatchObject({ cured: 2, waived: 1, meanTimeToCure: '30m' });
  expect(all.liquidated).toBeGreaterThanOrEqual(2);
  expect(all.open).toBeGreaterThanOrEqual(1);
  expect(all.issued).toBe(all.open + all.cured + all.liquidated + all.waived);
  expect(all.days.map(({ day }) => day)).toEqual(['2025-10-10', '2025-10-11']);
  expect(all).toEqual(await recounted());
});

test('MCM-5 X-5 a broker sees the calls of its clients in them, and of another member nothing', async () => {
  await twoDays();
  const own = new Set(['ann', 'ben', 'cat']);
  const [mine, theirs, all] = [await statistics('broker'), await statistics('rival'), await statistics('officer')];
  expect(mine).toEqual(await recounted((account) => own.has(account)));
  expect(theirs).toEqual(await recounted((account) => !own.has(account)));
  expect(mine.issued + theirs.issued).toBe(all.issued);
  expect(theirs.issued).toBeGreaterThan(0);
  expect(await statistics('broker', { ...DAYS, member: 'rival' })).toEqual({ ...EMPTY, days: [], amounts: [] });
  expect(await statistics('officer', { ...DAYS, member: 'rival' })).toEqual(theirs);
});

test('MCM-5 a period takes in its first instant, not its last, and spans at most 366 days', async () => {
  await twoDays();
  const all = await statistics('officer');
  const issuedIn = async (from: string, to: string): Promise<number> =>
    (await statistics('officer', { from, to })).issued;
  const noon = '2025-10-10T12:00:00.000Z';
  const first = await issuedIn(noon, '2025-10-10T12:00:00.001Z');
  expect(first).toBe(all.days[0]?.issued);
  expect(await issuedIn('2025-10-10T00:00:00.000Z', noon)).toBe(0);
  expect(await issuedIn('2025-10-10T12:00:00.001Z', DAYS.to)).toBe(all.issued - first);
  for (const [from, to] of [
    [noon, noon],
    [DAYS.to, DAYS.from],
    ['2024-10-10T00:00:00.000Z', '2025-10-11T00:00:00.001Z'],
  ])
    expect((await server.ask('officer', QUERY, { from, to })).errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  expect(await issuedIn('2024-10-10T00:00:00.000Z', '2025-10-11T00:00:00.000Z')).toBe(first);
});
