/** Whether rows of defaults, persons and deleveraging say what the state says. */

import { canonicalText } from '../../src/core/message/command';
import { eventsOf } from '../../src/core/message/envelope';
import type { EventOf, EventType } from '../../src/core/message/event';
import type { Instrument } from '../../src/core/model/reference';
import type { State } from '../../src/core/model/state';
import type { Store } from '../../src/store/client';
import type { TestHouse } from '../support/house';
import { Exact } from '../support/oracle';

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

export const orNull = <T, R>(value: T | null | undefined, convert: (value: T) => R): R | null =>
  value === null || value === undefined ? null : convert(value);
export const sorted = (lines: readonly (readonly unknown[])[]): string[] =>
  lines.map((line) => JSON.stringify(line, plain)).sort();
const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

export const termsOf = (state: State, id: string): Instrument =>
  (state.listings.get(id) as { instrument: Instrument }).instrument;

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
