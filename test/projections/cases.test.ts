/**
 * Margin calls, liquidations, fills, settlement runs and defaults in the rows: each as it happened, sums as their parts
 * make them.
 */

import type { Event } from '../../src/core/message/event';
import { figure, happened, happenedAs, money, sorted, time, units } from './agreementOfDefaults';
import { lifeOf } from './stories';
import { describeFollowed } from './support';

const HOUSE = lifeOf(40);

const termsOf = (id: string) => {
  const listing = HOUSE.state.listings.get(id);
  if (!listing) throw new Error(id);
  return listing.instrument;
};
const usd = (amount: bigint): string => money(HOUSE.state, 'USD', amount);

describeFollowed('cases', HOUSE.entries, (store) => {
  test('B1-1 MCM-2 MCM-5 every margin call with its life, numbered without gaps, and how it ended', async () => {
    const { prisma } = store();
    const lives = new Map<string, string[]>();
    for (const { seq, event } of happened(HOUSE)) {
      const id = callOf(event);
      if (id !== undefined) lives.set(id, [...(lives.get(id) ?? []), `${seq} ${event.type}`]);
    }
    const calls = await prisma.marginCall.findMany({ include: { events: { orderBy: { ordinal: 'asc' } } } });
    expect(calls.map(({ id }) => id).sort()).toEqual([...lives.keys()].sort());
    for (const { id, status, endedAt, events, revision } of calls) {
      expect(events.map(({ ordinal }) => ordinal)).toEqual(events.map((_, i) => i + 1));
      expect(events.map(({ seq, type }) => `${seq} ${type}`)).toEqual(lives.get(id));
      const last = events.at(-1)?.type.replace('MarginCall', '').toUpperCase() ?? '';
      expect(status).toBe(['CURED', 'EXPIRED', 'SUPERSEDED', 'WAIVED'].includes(last) ? last : 'OPEN');
      expect(endedAt).toEqual(status === 'OPEN' ? null : events.at(-1)?.at);
      expect(revision).toBe(1 + events.filter(({ type }) => type === 'MarginCallAmended').length);
    }
    expect(new Set(calls.map(({ status }) => status)).size).toBeGreaterThan(3);
  });

  test('B2-1 LE-4 a row for every reduction, by a venue or by take-over, with its price, charges and slippage', async () => {
    const { prisma } = store();
    const events = happenedAs(HOUSE, 'LiquidationOrderFilled', 'PositionTakenOver');
    expect(new Set(events.map(({ event }) => event.type)).size).toBe(2);
    const rows = await prisma.liquidationFill.findMany();
    expect(
      sorted(
        rows.map((row) => [
          ...[
            row.seq,
            row.place,
            row.at,
            row.kind,
            row.orderId,
            row.liquidationId,
            row.accountId,
            row.counterpartyId,
            row.instrumentId,
          ],
          ...[
            row.policyVersion,
            figure(row.size),
            figure(row.price),
            figure(row.value),
            figure(row.mark),
            figure(row.closed),
          ],
          ...[figure(row.fee), figure(row.feeDue), figure(row.penalty), figure(row.penaltyDue)],
          ...[figure(row.slippageMark), figure(row.slippageTrigger), figure(row.slippageBankruptcy)],
        ]),
      ),
    ).toEqual(
      sorted(
        events.map(({ seq, place, at, event }) => {
          const { tick, lot, tickValue } = termsOf(event.instrument);
          const filled = event.type === 'LiquidationOrderFilled';
          const { charges, slippage } = event;
          return [
            ...[
              String(seq),
              place,
              time(at),
              filled ? 'FILL' : 'TAKE_OVER',
              filled ? event.order : null,
              event.liquidation,
            ],
            ...[event.account, filled ? event.counterparty : event.receiver, event.instrument, charges.policyVersion],
            ...[units(event.size, lot), filled ? units(event.price, tick) : null],
            ...[
              usd(filled ? event.size * event.price * tickValue : event.value),
              units(event.mark, tick),
              usd(charges.closed),
            ],
            ...[usd(charges.fee), usd(charges.feeDue), usd(charges.penalty), usd(charges.penaltyDue)],
            ...[usd(slippage.mark), usd(slippage.trigger), usd(slippage.bankruptcy)],
          ];
        }),
      ),
    );
  });

  test('B2-1 LE-1 every liquidation and every order, with how it ended', async () => {
    const { prisma } = store();
    const ends = new Map(
      happenedAs(HOUSE, 'LiquidationEnded').map(({ at, event }) => [event.liquidation, { ...event, at }]),
    );
    const liquidations = await prisma.liquidation.findMany();
    const open = (id: string): string => (HOUSE.state.liquidations.get(id)?.paused ? 'PAUSED' : 'RUNNING');
    expect(
      sorted(
        liquidations.map((row) => [
          ...[
            row.id,
            row.accountId,
            row.callId,
            row.cause,
            row.startedAt,
            figure(row.equityAtStart),
            figure(row.maintenanceAtStart),
          ],
          ...[row.status, row.endedAt, figure(row.equityAtEnd)],
        ]),
      ),
    ).toEqual(
      sorted(
        happenedAs(HOUSE, 'LiquidationStarted').map(({ event: { started, equity, maintenance } }) => {
          const end = ends.get(started.id);
          return [
            ...[
              started.id,
              started.account,
              started.call,
              started.cause,
              time(started.startedAt),
              usd(equity),
              usd(maintenance),
            ],
            ...(end ? [end.outcome, time(end.at), usd(end.equity)] : [open(started.id), null, null]),
          ];
        }),
      ),
    );
    const closed = new Map(
      happenedAs(HOUSE, 'LiquidationOrderClosed').map(({ at, event }) => [event.order, [event.outcome, time(at)]]),
    );
    const orders = await prisma.liquidationOrder.findMany();
    expect(
      sorted(orders.map((row) => [row.id, row.liquidationId, figure(row.size), row.reason, row.status, row.endedAt])),
    ).toEqual(
      sorted(
        happenedAs(HOUSE, 'LiquidationOrderIssued').map(({ event: { issued } }) => [
          ...[issued.id, issued.liquidation, units(issued.size, termsOf(issued.instrument).lot), issued.reason],
          ...(closed.get(issued.id) ?? ['OPEN', null]),
        ]),
      ),
    );
    expect(new Set(orders.map(({ status }) => status)).size).toBe(4);
  });

  test('LF-2 LE-4 sums of a liquidation are those of its reductions, what an order has filled that of its fills', async () => {
    const { prisma } = store();
    const wrong = await prisma.$queryRaw`
      SELECT l."id" FROM "Liquidation" l LEFT JOIN (
        SELECT "liquidationId" AS id, sum("closed") AS closed, sum("fee") AS fee, sum("penalty") AS penalty,
        sum("slippageMark") AS slippage
        FROM "LiquidationFill" GROUP BY 1) f USING ("id")
      WHERE (l."closed", l."fee", l."penalty", l."slippage")
        IS DISTINCT FROM (coalesce(f.closed, 0), coalesce(f.fee, 0), coalesce(f.penalty, 0), coalesce(f.slippage, 0))
      UNION ALL
      SELECT o."id" FROM "LiquidationOrder" o LEFT JOIN (SELECT "orderId" AS id, sum("size") AS filled FROM
      "LiquidationFill" GROUP BY 1) f USING ("id")
      WHERE o."filled" <> coalesce(f.filled, 0)
      UNION ALL
      SELECT l."id" FROM "Liquidation" l WHERE l."steps" <> (SELECT count(*) FROM "LiquidationOrder" o WHERE
      o."liquidationId" = l."id")`;
    expect(wrong).toEqual([]);
    const charged = await prisma.$queryRaw<
      unknown[]
    >`SELECT "id" FROM "Liquidation" WHERE "fee" > 0 AND "penalty" > 0 AND "slippage" <> 0`;
    expect(charged.length).toBeGreaterThan(0);
  });

  test('DS-2 PV-2 a row for every settlement run, chained to the one before, and for what each account got', async () => {
    const { prisma } = store();
    const runs = await prisma.settlementRun.findMany({
      include: { lines: true },
      orderBy: [{ seq: 'asc' }, { place: 'asc' }],
    });
    const kinds = { VariationSettled: 'VARIATION', FundingSettled: 'FUNDING', InstrumentExpired: 'EXPIRY' };
    expect(
      sorted(
        runs.map((row) => [
          ...[
            row.seq,
            row.place,
            row.at,
            row.kind,
            row.instrumentId,
            row.currency,
            figure(row.price),
            figure(row.rate),
          ],
          ...[
            row.inputs,
            row.outputs,
            row.previous,
            row.hash,
            row.rule,
            sorted(row.lines.map((line) => [line.accountId, figure(line.amount)])),
          ],
        ]),
      ),
    ).toEqual(
      sorted(
        happenedAs(HOUSE, 'VariationSettled', 'FundingSettled', 'InstrumentExpired').map(
          ({ seq, place, at, event }) => [
            ...[String(seq), place, time(at), kinds[event.type], event.instrument, event.currency],
            ...[
              units(event.price, termsOf(event.instrument).tick),
              event.type === 'FundingSettled' ? units(event.rate, '1e-12') : null,
            ],
            ...[event.run.inputs, event.run.outputs, event.run.previous, event.run.hash, event.run.rule],
            sorted(event.lines.map(({ account, amount }) => [account, usd(amount)])),
          ],
        ),
      ),
    );
    const last = new Map<string, string>();
    for (const { instrumentId, previous, hash } of runs) {
      expect(previous).toBe(last.get(instrumentId) ?? null);
      last.set(instrumentId, hash);
    }
    expect(last.size).toBeGreaterThan(1);
  });

  test('B3-1 SL-1 every default with what each layer bore, and every share of a socialized loss', async () => {
    const { prisma } = store();
    const events = happenedAs(HOUSE, 'LossAllocated');
    const cases = await prisma.lossCase.findMany({ include: { layers: { orderBy: { ordinal: 'asc' } } } });
    const layers = (row: (typeof cases)[number]) =>
      row.layers.map(({ layer, available, used, left }) => [layer, figure(available), figure(used), figure(left)]);
    expect(
      sorted(cases.map((row) => [row.id, row.seq, row.accountId, row.policyVersion, figure(row.loss), layers(row)])),
    ).toEqual(
      sorted(
        events.flatMap(({ seq, event }) =>
          event.cases.map(({ id, account, loss, layers: used }) => [
            ...[id, String(seq), account, event.policyVersion, usd(loss)],
            used.map((use) => [use.layer, usd(use.available), usd(use.used), usd(use.left)]),
          ]),
        ),
      ),
    );
    const shares = await prisma.socializedLossShare.findMany();
    const line = (row: (typeof shares)[number]) => [
      row.seq,
      row.accountId,
      row.base,
      figure(row.weight),
      figure(row.cap),
      figure(row.amount),
    ];
    expect(sorted(shares.map(line))).toEqual(
      sorted(
        events.flatMap(({ seq, event }) =>
          event.shares.map(({ account, weight, cap, amount }) => [
            String(seq),
            account,
            event.base,
            usd(weight),
            usd(cap),
            usd(amount),
          ]),
        ),
      ),
    );
    expect(shares.length).toBeGreaterThan(0);
    const conversions = await prisma.collateralConversion.findMany();
    expect(
      sorted(
        conversions.map((row) => [row.seq, row.accountId, row.currency, figure(row.amount), figure(row.proceeds)]),
      ),
    ).toEqual(
      sorted(
        happenedAs(HOUSE, 'CollateralConverted', 'KeptCollateralSold').map(({ seq, event }) => [
          ...[
            String(seq),
            event.account,
            event.currency,
            money(HOUSE.state, event.currency, event.amount),
            usd(event.proceeds),
          ],
        ]),
      ),
    );
  });
});

const callOf = (event: Event): string | undefined => {
  if (!event.type.startsWith('MarginCall')) return undefined;
  if (event.type === 'MarginCallIssued') return event.issued.id;
  return event.type === 'MarginCallAmended'
    ? event.amended.id
    : 'call' in event
      ? (event.call ?? undefined)
      : undefined;
};
