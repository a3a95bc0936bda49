/**
 * What the rows must say of a house, read by Prisma as anybody would and compared with the state itself. Integers
 * become decimals by decimal.js here: nothing is shared with the code that wrote the rows.
 */

import { canonicalText } from '../../src/core/message/command';
import { eventsOf } from '../../src/core/message/envelope';
import type { EventOf, EventType } from '../../src/core/message/event';
import type { Instrument } from '../../src/core/model/reference';
import type { State } from '../../src/core/model/state';
import type { Store } from '../../src/store/client';
import type { TestHouse } from '../support/house';
import { Exact } from '../support/oracle';

type Prisma = Store['prisma'];

/** A decimal as the client gives it. */
interface Figure {
  toFixed(): string;
}

export const figure = (value: Figure | null): string | null => value && new Exact(value.toFixed()).toFixed();
export const units = (count: bigint, step: string): string => new Exact(count.toString()).times(step).toFixed();
export const money = (state: State, currency: string, amount: bigint): string =>
  new Exact(amount.toString()).div(new Exact(10).pow(state.currencies.get(currency)?.scale ?? 0)).toFixed();
export const share = (rate: bigint): string => new Exact(rate.toString()).div('1e12').toFixed();
export const time = (at: number): string => new Date(at).toISOString();

const orNull = <T, R>(value: T | null | undefined, convert: (value: T) => R): R | null =>
  value === null || value === undefined ? null : convert(value);
export const sorted = (lines: readonly (readonly unknown[])[]): string[] =>
  lines.map((line) => JSON.stringify(line, plain)).sort();
const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

const termsOf = (state: State, id: string): Instrument =>
  (state.listings.get(id) as { instrument: Instrument }).instrument;

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
    ...[row.size, row.cost, row.bids, row.asks, row.gain].map(figure),
    row.recent && JSON.parse(row.recent),
  ];
  expect(sorted(positions.map((row) => [row.accountId, row.instrumentId, ...figures(row)]))).toEqual(
    sorted(
      ids.flatMap((id) =>
        [...state.book.positions(id)].map(
          ([instrument, { size, cost, fraction = 0n, bids, asks, gain, recent = null }]) => {
            const { lot, settlement } = termsOf(state, instrument);
            const [held, bid, asked] = [size, bids, asks].map((lots) => units(lots, lot));
            const paid = new Exact(money(state, settlement, cost))
              .plus(new Exact(money(state, settlement, fraction)).div('1e12'))
              .toFixed();
            return [id, instrument, held, paid, bid, asked, money(state, settlement, gain), recent];
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

/** Persons: members, keys that open something, acts that wait. */
export async function expectPersonsAgree({ prisma }: Store, { state }: TestHouse): Promise<void> {
  const members = await prisma.member.findMany();
  expect(sorted(members.map(({ id }) => [id]))).toEqual(
    sorted(['clearinghouse', ...state.members.keys()].map((id) => [id])),
  );
  expect(sorted(members.filter(({ status }) => status !== 'ACTIVE').map(({ id, status }) => [id, status]))).toEqual(
    sorted([...state.memberStatuses]),
  );
  const keys = await prisma.apiKey.findMany({ where: { revokedAt: null } });
  expect(sorted(keys.map((row) => [row.id, row.role, row.memberId, row.hash]))).toEqual(
    sorted([...state.apiKeys.values()].map(({ id, role, member, hash }) => [id, role, member, hash])),
  );
  const proposals = await prisma.proposal.findMany({ where: { status: 'OPEN' } });
  expect(
    sorted(
      proposals.map((row) => [
        row.id,
        row.hash,
        row.proposedBy,
        row.expiresAt,
        row.decidedAt,
        orNull(row.count, canonicalText),
      ]),
    ),
  ).toEqual(
    sorted(
      [...state.proposals.values()].map(({ id, hash, proposedBy, expiresAt, count = null }) => [
        ...[id, hash, proposedBy, time(expiresAt), null],
        orNull(count, canonicalText),
      ]),
    ),
  );
}

/** Open defaults with what their ledgers sum to, and offers that wait. */
export async function expectDefaultsAgree({ prisma }: Store, { state }: TestHouse): Promise<void> {
  const open = await prisma.memberDefault.findMany({
    where: { status: 'OPEN' },
    include: { books: { include: { lines: true } } },
  });
  const sums = (lines: (typeof open)[number]['books'][number]['lines'], currency: string): string =>
    lines
      .filter((line) => line.currency === currency)
      .reduce((sum, { amount }) => sum.plus(amount.toFixed()), new Exact(0))
      .toFixed();
  expect(
    sorted(
      open.flatMap((row) => [
        [row.id, row.memberId, row.phase, row.declaredAt, row.portingUntil],
        ...row.books.map((book) => [
          row.id,
          book.currency,
          book.accountId,
          book.ownId,
          sums(book.lines, book.currency),
        ]),
      ]),
    ),
  ).toEqual(
    sorted(
      [...state.memberDefaults.values()].flatMap((found) => [
        [found.id, found.member, found.phase, time(found.declaredAt), time(found.portingUntil)],
        ...found.books.map(({ currency, account, own }) => [
          ...[found.id, currency, account, own],
          money(state, currency, state.book.balance(account, currency)),
        ]),
      ]),
    ),
  );
  const offers = await prisma.portOffer.findMany({ where: { status: 'OPEN' } });
  expect(
    sorted(offers.map((row) => [row.id, row.defaultId, row.fromMember, row.toMember, row.accounts, row.expiresAt])),
  ).toEqual(
    sorted(
      [...state.portOffers.values()].map(({ id, default: of, from, to, accounts, expiresAt }) => [
        ...[id, of, from, to, accounts, time(expiresAt)],
      ]),
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

/** Policies and limits in force, draws of inventory, decisions and notices. */
export async function expectDeleveragingAgrees({ prisma }: Store, house: TestHouse): Promise<void> {
  const { state } = house;
  const limits = await prisma.marketLimits.findMany({ orderBy: { version: 'desc' }, distinct: ['instrumentId'] });
  expect(
    sorted(
      limits.map((row) => [
        ...[row.instrumentId, row.version, figure(row.float), figure(row.openInterest)],
        ...[figure(row.openInterestShare), figure(row.positionShare)],
      ]),
    ),
  ).toEqual(
    sorted(
      [...state.marketLimits.values()].map((each) => {
        const { lot } = termsOf(state, each.instrument);
        return [
          ...[each.instrument, each.version, units(each.float, lot), units(each.openInterest, lot)],
          ...[orNull(each.openInterestShare, share), orNull(each.positionShare, share)],
        ];
      }),
    ),
  );
  const draws = await prisma.inventoryDraw.findMany();
  expect(sorted(draws.map((row) => [row.accountId, figure(row.drawn), row.reached]))).toEqual(
    sorted([...state.inventoryDraws].map(([id, draw]) => [id, money(state, 'USD', draw.drawn), draw.reached])),
  );
  const policies = await prisma.deleveragingPolicy.findMany();
  expect(
    sorted(policies.map((row) => [row.id, row.version, row.currency, row.instrumentId, Number(row.setSeq)])),
  ).toEqual(
    sorted(
      happenedAs(house, 'DeleveragingPolicySet').map(({ seq, event: { terms } }) => [
        ...[terms.instrument === null ? terms.currency : `${terms.currency} ${terms.instrument}`, terms.version],
        ...[terms.currency, terms.instrument, seq],
      ]),
    ),
  );
  const decisions = await prisma.deleveraging.findMany();
  expect(
    sorted(
      decisions.map((row) => [
        row.id,
        row.cause,
        row.accountId,
        figure(row.size),
        figure(row.budget),
        figure(row.used),
        row.reason,
      ]),
    ),
  ).toEqual(
    sorted(
      happenedAs(house, 'DeleveragingDecided').map(({ event: { decided, reason } }) => {
        const { lot, settlement } = termsOf(state, decided.instrument);
        const amounts = [money(state, settlement, decided.budget), money(state, settlement, decided.used)];
        return [decided.id, decided.cause, decided.account, units(decided.size, lot), ...amounts, stored(reason)];
      }),
    ),
  );
  const notices = await prisma.deleveragedPosition.findMany();
  expect(
    sorted(
      notices.map((row) => [
        ...[Number(row.seq), row.place, row.deleveragingId, row.accountId, row.rank, row.holders, figure(row.size)],
        ...[figure(row.value), figure(row.mark), figure(row.profit), figure(row.forgone)],
      ]),
    ),
  ).toEqual(
    sorted(
      happenedAs(house, 'PositionDeleveraged').map(({ seq, place, event }) => {
        const { lot, tick, settlement } = termsOf(state, event.instrument);
        return [
          ...[seq, place, event.deleveraging, event.account, event.rank, event.holders, units(event.size, lot)],
          ...[money(state, settlement, event.value), units(event.mark, tick)],
          ...[money(state, settlement, event.profit), money(state, settlement, event.forgone)],
        ];
      }),
    ),
  );
}

/** What a database does not take of a text it has replaced. */
const stored = (text: string): string =>
  text.replaceAll('\u0000', '\ufffd').replace(/[\ud800-\udbff](?![\udc00-\udfff])/g, '\ufffd');

/** Every event of a house with the entry it is of, oldest first. */
export const happened = ({ entries }: TestHouse) =>
  entries.flatMap(({ seq, at, outcome }) => eventsOf(outcome).map((event, place) => ({ seq, at, place, event })));

/** Those of some types. */
export const happenedAs = <Type extends EventType>(house: TestHouse, ...types: Type[]) =>
  happened(house).filter((item): item is typeof item & { readonly event: EventOf<Type> } =>
    types.includes(item.event.type as Type),
  );
