/**
 * What the rows must say of a house, read by Prisma as anybody would and compared with the state itself. Integers
 * become decimals by decimal.js here: nothing is shared with the code that wrote the rows.
 */

import type { State } from '../../src/core/model/state';
import type { Store } from '../../src/store/client';
import type { TestHouse } from '../support/house';
import { Exact } from '../support/oracle';
import {
  expectDefaultsAgree,
  expectDeleveragingAgrees,
  expectPersonsAgree,
  figure,
  money,
  orNull,
  share,
  sorted,
  termsOf,
  time,
  units,
} from './agreementOfDefaults';

type Prisma = Store['prisma'];

/** Accounts, what they hold and what they have open. */
export async function expectAccountsAgree({ prisma }: Store, { state }: TestHouse): Promise<void> {
  const ids = [...state.book.accountIds()];
  const accounts = await prisma.account.findMany();
  expect(
    sorted(
      accounts.map((row) => [
        ...[
          row.id,
          row.memberId,
          row.owner,
          row.kind,
          row.currency,
          row.policyId,
          row.mode,
          row.instrumentId,
          row.leverage,
        ],
        ...[row.status, row.warned, row.waived, row.liquidations.map(Number), figure(row.levied)],
      ]),
    ),
  ).toEqual(
    sorted(
      ids.map((id) => {
        const account = state.book.account(id);
        if (!account) throw new Error(id);
        const { status, warned, waived, liquidations, levied } = state.book.stateOf(id);
        return [
          ...[
            id,
            account.member,
            account.owner,
            account.kind,
            account.currency,
            account.policy,
            account.mode,
            account.instrument,
          ],
          orNull(account.leverage, ({ numerator, denominator }) =>
            denominator === 1n ? `${numerator}` : `${numerator}/${denominator}`,
          ),
          ...[status, warned, waived, liquidations, money(state, account.currency, levied)],
        ];
      }),
    ),
  );
  const balances = await prisma.balance.findMany();
  expect(sorted(balances.map((row) => [row.accountId, row.currency, figure(row.amount)]))).toEqual(
    sorted(
      ids.flatMap((id) =>
        [...state.book.balances(id)].map(([currency, amount]) => [id, currency, money(state, currency, amount)]),
      ),
    ),
  );
  await expectPositionsAgree(prisma, state, ids);
}

async function expectPositionsAgree(prisma: Prisma, state: State, ids: readonly string[]): Promise<void> {
  const positions = await prisma.position.findMany();
  const figures = (row: (typeof positions)[number]) => [
    ...[row.size, row.cost, row.bids, row.asks, row.gain, row.settled, row.realised].map(figure),
    row.recent && JSON.parse(row.recent),
  ];
  expect(sorted(positions.map((row) => [row.accountId, row.instrumentId, ...figures(row)]))).toEqual(
    sorted(
      ids.flatMap((id) =>
        [...state.book.positions(id)].map(
          ([instrument, { size, cost, fraction = 0n, bids, asks, gain, recent = null, sinceOpened }]) => {
            const { lot, settlement } = termsOf(state, instrument);
            const [held, bid, asked] = [size, bids, asks].map((lots) => units(lots, lot));
            const paid = new Exact(money(state, settlement, cost))
              .plus(new Exact(money(state, settlement, fraction)).div('1e12'))
              .toFixed();
            const gains = [gain, sinceOpened?.settled ?? 0n, sinceOpened?.realised ?? 0n].map((amount) =>
              money(state, settlement, amount),
            );
            return [id, instrument, held, paid, bid, asked, ...gains, recent];
          },
        ),
      ),
    ),
  );
  const orders = await prisma.openOrder.findMany();
  expect(
    sorted(
      orders.map((row) => [row.id, row.accountId, row.instrumentId, row.side, figure(row.size), figure(row.price)]),
    ),
  ).toEqual(
    sorted(
      [...state.orders.values()].map((order) => {
        const { lot, tick } = termsOf(state, order.instrument);
        return [
          order.id,
          order.account,
          order.instrument,
          order.side,
          units(order.size, lot),
          units(order.price, tick),
        ];
      }),
    ),
  );
}

/** Calls, liquidations and their orders that are open, and no other that says it is. */
export async function expectCasesAgree({ prisma }: Store, { state }: TestHouse): Promise<void> {
  const calls = await prisma.marginCall.findMany({ where: { status: 'OPEN' } });
  expect(
    sorted(
      calls.map((row) => [
        ...[row.id, row.accountId, row.revision, row.manual, figure(row.amount), figure(row.paid), figure(row.equity)],
        ...[figure(row.initial), figure(row.maintenance), figure(row.shortfallToMaintenance), figure(row.cureLevel)],
        ...[
          figure(row.feePreview),
          figure(row.penaltyPreview),
          row.policyVersion,
          row.issuedAt,
          row.deadline,
          row.finalNoticeAt,
        ],
        ...[
          row.acknowledgedAt,
          row.acknowledgedBy,
          row.disputed,
          row.clockStopped,
          row.pausedAt,
          row.endedAt,
          row.endedBy,
        ],
      ]),
    ),
  ).toEqual(
    sorted(
      [...state.calls.values()].map((call) => {
        const usd = (amount: bigint): string => money(state, 'USD', amount);
        return [
          ...[call.id, call.account, call.revision, call.manual, usd(call.amount), usd(call.paid), usd(call.equity)],
          ...[usd(call.initial), usd(call.maintenance), usd(call.shortfallToMaintenance), usd(call.cureLevel)],
          ...[
            usd(call.feePreview),
            usd(call.penaltyPreview),
            call.policyVersion,
            time(call.issuedAt),
            time(call.deadline),
          ],
          ...[orNull(call.finalNoticeAt, time), orNull(call.acknowledgedAt, time), call.acknowledgedBy, call.disputed],
          ...[call.clockStopped, orNull(call.pausedAt ?? null, time), null, null],
        ];
      }),
    ),
  );
  const running = await prisma.liquidation.findMany({ where: { endedAt: null } });
  expect(
    sorted(running.map((row) => [row.id, row.accountId, row.callId, row.cause, row.status, row.steps, row.startedAt])),
  ).toEqual(
    sorted(
      [...state.liquidations.values()].map(({ id, account, call, cause, paused, step, startedAt }) => [
        ...[id, account, call, cause, paused ? 'PAUSED' : 'RUNNING', step, time(startedAt)],
      ]),
    ),
  );
  await expectLiquidationOrdersAgree(prisma, state);
}

async function expectLiquidationOrdersAgree(prisma: Prisma, state: State): Promise<void> {
  const orders = await prisma.liquidationOrder.findMany({ where: { status: 'OPEN' } });
  expect(
    sorted(
      orders.map((row) => [
        ...[
          row.id,
          row.liquidationId,
          row.accountId,
          row.instrumentId,
          figure(row.size),
          figure(row.filled),
          figure(row.limit),
        ],
        ...[figure(row.mark), row.reason, row.issuedAt, row.expiresAt, row.endedAt],
      ]),
    ),
  ).toEqual(
    sorted(
      [...state.liquidationOrders.values()].map((order) => {
        const { lot, tick } = termsOf(state, order.instrument);
        return [
          ...[
            order.id,
            order.liquidation,
            order.account,
            order.instrument,
            units(order.size, lot),
            units(order.filled, lot),
          ],
          ...[orNull(order.limit, (limit) => units(limit, tick)), units(order.mark, tick), order.reason],
          ...[time(order.issuedAt), time(order.expiresAt), null],
        ];
      }),
    ),
  );
}

/** What the house itself holds, and what its funds hold. */
export async function expectLedgerAgrees({ prisma }: Store, { state }: TestHouse): Promise<void> {
  const ledger = await prisma.ledgerAccount.findMany({ where: { balance: { not: 0 } } });
  expect(sorted(ledger.map((row) => [`${row.name} ${row.currency}`, figure(row.balance)]))).toEqual(
    sorted([...state.ledger].map(([key, amount]) => [key, money(state, key.split(' ').at(-1) ?? '', amount)])),
  );
  const funds = await prisma.insuranceFund.findMany();
  expect(sorted(funds.map((row) => [row.currency, figure(row.balance), figure(row.target)]))).toEqual(
    sorted(
      [...state.lossPolicies.values()].map(({ currency, fundTarget }) => [
        ...[
          currency,
          money(state, currency, state.ledger.get(`insurance-fund ${currency}`) ?? 0n),
          money(state, currency, fundTarget),
        ],
      ]),
    ),
  );
}

/** Instruments with marks and what is due on them, indices with what each source said. */
export async function expectMarketsAgree({ prisma }: Store, { state }: TestHouse): Promise<void> {
  const instruments = await prisma.instrument.findMany();
  expect(
    sorted(
      instruments.map((row) => [
        ...[row.id, row.status, figure(row.mark), row.markAt, row.markSeq, row.markSource, row.mark && row.markStale],
        ...[figure(row.depthBids), figure(row.depthAsks), row.variationDue, row.disposalDue, row.lastRun, row.expiry],
        ...[
          figure(row.tick),
          figure(row.lot),
          figure(row.multiplier),
          figure(row.tickValue),
          figure(row.makerFee),
          figure(row.takerFee),
        ],
        ...[figure(row.stable), row.stableAt],
      ]),
    ),
  ).toEqual(
    sorted(
      [...state.listings.values()].map(
        ({ instrument, status, mark, depth, variationDue, disposalDue, lastRun, stable }) => [
          ...[
            instrument.id,
            status,
            orNull(mark, ({ price }) => units(price, instrument.tick)),
            orNull(mark, ({ at }) => time(at)),
          ],
          ...[
            orNull(mark, ({ seq }) => String(seq)),
            orNull(mark, ({ source }) => source),
            orNull(mark, ({ stale }) => stale),
          ],
          ...[
            orNull(depth, ({ bids }) => units(bids, instrument.lot)),
            orNull(depth, ({ asks }) => units(asks, instrument.lot)),
          ],
          ...[orNull(variationDue, time), orNull(disposalDue, time), lastRun, orNull(instrument.expiry, time)],
          ...[
            new Exact(instrument.tick).toFixed(),
            new Exact(instrument.lot).toFixed(),
            new Exact(instrument.multiplier).toFixed(),
          ],
          ...[
            money(state, instrument.settlement, instrument.tickValue),
            share(instrument.makerFee),
            share(instrument.takerFee),
          ],
          orNull(stable, ({ parts }) => new Exact(parts.toString()).times(instrument.tick).div('1e12').toFixed()),
          orNull(stable, ({ at }) => time(at)),
        ],
      ),
    ),
  );
  const indices = await prisma.priceIndex.findMany({ include: { quotes: true } });
  const line = (row: (typeof indices)[number]) => [
    row.id,
    figure(row.price),
    row.stale,
    row.price && row.seq,
    row.price && row.at,
  ];
  expect(sorted(indices.map(line))).toEqual(
    sorted(
      [...state.indices.values()].map(({ index, state: { price, stale, seq, at } }) => [
        ...[index.id, orNull(price, (ticks) => units(ticks, index.tick)), stale],
        ...[price === null ? null : String(seq), price === null ? null : time(at)],
      ]),
    ),
  );
  expect(
    sorted(
      indices.flatMap(({ quotes }) =>
        quotes.map((row) => [row.indexId, row.source, figure(row.price), row.at, row.quarantined]),
      ),
    ),
  ).toEqual(
    sorted(
      [...state.indices.values()].flatMap(({ index, state: { quotes } }) =>
        index.sources.map((source) => {
          const said = quotes.get(source);
          return [
            index.id,
            source,
            said ? units(said.price, index.tick) : null,
            said ? time(said.at) : null,
            said?.quarantined ?? false,
          ];
        }),
      ),
    ),
  );
}

/** All of it. */
export async function expectAgreement(store: Store, house: TestHouse): Promise<void> {
  await expectAccountsAgree(store, house);
  await expectCasesAgree(store, house);
  await expectLedgerAgrees(store, house);
  await expectMarketsAgree(store, house);
  await expectPersonsAgree(store, house);
  await expectDefaultsAgree(store, house);
  await expectDeleveragingAgrees(store, house);
}
