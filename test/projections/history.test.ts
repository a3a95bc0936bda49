/**
 * What stays in the rows of what has happened: nothing is missing, nothing is there twice, and sums follow from their
 * parts.
 */

import { transfersOf } from '../../src/core/message/event';
import type { TestHouse } from '../support/house';
import { figure, happenedAs, money, sorted, time, units } from './agreementOfDefaults';
import { lifeOf, STRANGE } from './stories';
import { describeFollowed } from './support';

const HOUSE = lifeOf(30);

/** What a database can hold of it: no NUL, no half of a character. */
const STORED = STRANGE.replace('\u0000', '\ufffd').replace('half \ud83d', 'half \ufffd');

const lotOf = ({ state }: TestHouse, id: string): string => state.listings.get(id)?.instrument.lot ?? '';
const tickOf = ({ state }: TestHouse, id: string): string => state.listings.get(id)?.instrument.tick ?? '';
const usd = (house: TestHouse, amount: bigint): string => money(house.state, 'USD', amount);

describeFollowed('history', HOUSE.entries, (store) => {
  test('LCS-1 a row for every trade and every fill, with its two sides', async () => {
    const { prisma } = store();
    const rows = await prisma.trade.findMany();
    const cleared = happenedAs(HOUSE, 'TradeCleared').map(({ seq, place, at, event }) => [
      ...[String(seq), place, time(at), event.trade, event.instrument, event.buyer, event.seller],
      ...[
        units(event.price, tickOf(HOUSE, event.instrument)),
        units(event.size, lotOf(HOUSE, event.instrument)),
        event.taker,
        false,
      ],
    ]);
    const fills = happenedAs(HOUSE, 'LiquidationOrderFilled').map(({ seq, place, at, event }) => {
      const sides = [event.account, event.counterparty];
      const [buyer, seller] = event.size > 0n ? sides : sides.reverse();
      const size = event.size > 0n ? event.size : -event.size;
      return [
        ...[String(seq), place, time(at), event.trade, event.instrument, buyer, seller],
        ...[
          units(event.price, tickOf(HOUSE, event.instrument)),
          units(size, lotOf(HOUSE, event.instrument)),
          null,
          true,
        ],
      ];
    });
    expect(cleared.length * fills.length).toBeGreaterThan(0);
    expect(
      sorted(
        rows.map((row) => [
          ...[
            row.seq,
            row.place,
            row.at,
            row.id,
            row.instrumentId,
            row.buyerId,
            row.sellerId,
            figure(row.price),
            figure(row.size),
          ],
          ...[row.taker, row.liquidation],
        ]),
      ),
    ).toEqual(sorted([...cleared, ...fills]));
  });

  test('X-1 DS-4 a row for every movement of money, numbered within its entry; balances are their sums', async () => {
    const { prisma } = store();
    const moves: unknown[][] = [];
    for (const { seq, at, outcome } of HOUSE.entries) {
      const events = 'events' in outcome ? outcome.events : [];
      const transfers = events.flatMap((event) =>
        transfersOf(event).map(
          (transfer) => [transfer, event.type === 'TransferReversed' ? `${event.entry}/${event.place}` : null] as const,
        ),
      );
      for (const [place, [{ from, to, currency, amount, reason }, reverses]] of transfers.entries()) {
        moves.push([
          String(seq),
          place,
          time(at),
          from,
          to,
          currency,
          money(HOUSE.state, currency, amount),
          reason,
          reverses,
        ]);
      }
    }
    const rows = await prisma.ledgerTransfer.findMany();
    expect(
      sorted(
        rows.map((row) => [
          row.seq,
          row.place,
          row.at,
          row.from,
          row.to,
          row.currency,
          figure(row.amount),
          row.reason,
          row.reverses,
        ]),
      ),
    ).toEqual(sorted(moves));
    const wrong = await prisma.$queryRaw`
      WITH moved AS (
        SELECT "to" AS name, "currency", "amount" FROM "LedgerTransfer"
        UNION ALL SELECT "from", "currency", -"amount" FROM "LedgerTransfer"
      ), held AS (
        SELECT 'account/' || "accountId" AS name, "currency", "amount" FROM "Balance"
        UNION ALL SELECT "name", "currency", "balance" FROM "LedgerAccount"
      ), sums AS (SELECT name, "currency", sum("amount") AS amount FROM moved GROUP BY 1, 2)
      SELECT name, "currency", s.amount AS moved, h."amount" AS held FROM sums s FULL JOIN held h USING (name,
      "currency")
      WHERE coalesce(s.amount, 0) <> coalesce(h."amount", 0)`;
    expect(wrong).toEqual([]);
  });

  test('B3-1 B3-3 the fund is what its entries add up to, each with what it held afterwards', async () => {
    const { prisma } = store();
    const wrong = await prisma.$queryRaw`
      SELECT e."seq", e."place" FROM (
        SELECT *, sum("amount") OVER (PARTITION BY "currency" ORDER BY "seq", "place") AS after FROM
        "InsuranceFundEntry") e
      WHERE e.after <> e."balance"`;
    expect(wrong).toEqual([]);
    const [sums] = await prisma.$queryRaw<Record<string, { toFixed(): string } | null>[]>`
      SELECT sum("amount") FILTER (WHERE "reason" = 'LIQUIDATION_FEE') AS "fees",
        sum("amount") FILTER (WHERE "reason" = 'LIQUIDATION_PENALTY') AS "penalties",
        sum("amount") FILTER (WHERE "reason" = 'SURPLUS') AS "surplus",
        -sum("amount") FILTER (WHERE "reason" = 'SHORTFALL') AS "paid",
        -sum("amount") FILTER (WHERE "reason" = 'WITHDRAWAL') AS "withdrawn",
        sum("amount") FILTER (WHERE "reason" = 'REVERSAL') AS "reversed",
        sum("amount") FILTER (WHERE "reason" = 'CONTRIBUTION') AS "contributed" FROM "InsuranceFundEntry" WHERE
        "currency" = 'USD'`;
    const fund = await prisma.insuranceFund.findUniqueOrThrow({ where: { currency: 'USD' } });
    const [entry] = await prisma.insuranceFundEntry.findMany({
      orderBy: [{ seq: 'desc' }, { place: 'desc' }],
      take: 1,
    });
    expect(figure(entry?.balance ?? null)).toBe(figure(fund.balance));
    for (const part of ['fees', 'penalties', 'surplus', 'paid', 'withdrawn', 'reversed', 'contributed'] as const) {
      expect([part, figure(sums?.[part] ?? null) ?? '0']).toEqual([part, figure(fund[part])]);
    }
    expect([figure(fund.withdrawn), figure(fund.reversed)]).toEqual(['300.01', '-700']);
  });

  test('MCM-5 B1-5 acts of people on a call name who acted and why', async () => {
    const { prisma } = store();
    const acts = await prisma.marginCallEvent.findMany({
      where: { call: { accountId: 'late' } },
      orderBy: [{ seq: 'asc' }, { ordinal: 'asc' }],
    });
    const reason = (details: unknown): unknown => (details as { reason?: unknown }).reason;
    expect(
      acts.filter(({ actor }) => actor !== null).map(({ type, actor, details }) => [type, actor, reason(details)]),
    ).toEqual([
      ['MarginCallIssued', 'first', STORED],
      ['MarginCallIssued', 'first', STORED],
      ['MarginCallWaived', 'second', 'agreed'],
      ['MarginCallIssued', 'first', STORED],
      ['MarginCallAcknowledged', 'late-broker-key', undefined],
      ['MarginCallDisputed', 'late-broker-key', STORED],
      ['MarginCallDisputeRuled', 'second', 'they have a point'],
      ['MarginCallDisputeRuled', 'first', 'they had'],
      ['MarginCallExtended', 'second', 'bank holiday'],
      // A step of the clock that two persons accept leaves open calls the time they had.
      ['MarginCallExtended', 'second', STORED],
    ]);
    const call = await prisma.marginCall.findFirstOrThrow({ where: { accountId: 'late', status: 'OPEN' } });
    expect([call.reason, call.manual, call.acknowledgedBy, figure(call.paid)]).toEqual([
      STORED,
      true,
      'late-broker-key',
      '40.5',
    ]);
  });

  test('LE-1 the statuses of an account follow one from another, and the last is where it is', async () => {
    const { prisma } = store();
    const steps = await prisma.accountTransition.findMany({ orderBy: [{ seq: 'asc' }, { place: 'asc' }] });
    expect(
      sorted(steps.map((row) => [row.seq, row.place, row.accountId, row.from, row.to, row.cause, figure(row.equity)])),
    ).toEqual(
      sorted(
        happenedAs(HOUSE, 'AccountStatusChanged').map(({ seq, place, event }) => [
          ...[String(seq), place, event.account, event.from, event.to, event.cause, usd(HOUSE, event.equity)],
        ]),
      ),
    );
    const now = new Map((await prisma.account.findMany()).map(({ id }) => [id, 'HEALTHY']));
    for (const { accountId, from, to } of steps) {
      expect(from).toBe(now.get(accountId));
      now.set(accountId, to);
    }
    expect(sorted((await prisma.account.findMany()).map(({ id, status }) => [id, status]))).toEqual(sorted([...now]));
  });
});
