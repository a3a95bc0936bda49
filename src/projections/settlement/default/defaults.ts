/**
 * Members in trouble: how they stand, their defaults with every line of their ledgers, and offers of their clients.
 * Rules: LCS-2, B3-1, NE-5
 */

import { readerOf } from '../../../core/kind/json';
import type { Event, EventOf } from '../../../core/message/event';
import type { MemberStatus } from '../../../core/model/account';
import type { DefaultLot, LotPosition, PortOffer } from '../../../core/model/memberDefault';
import { DEFAULT_POLICY, MEMBER_DEFAULT } from '../../../core/model/memberDefault';
import type { State } from '../../../core/model/state';
import { defaultBehind } from '../../../core/reference/memberDefaults';
import { defaultLinesOf } from '../../../core/settlement/default/ledger';
import type { Queries } from '../../../store/client';
import { known } from '../../../units/failure';
import { instant } from '../../../units/quantity';
import { type Batch, changed, type Moment } from '../../rows/batch';
import { cashText, instrumentOf, orNull, priceText, rateText, sizeText, timeText } from '../../rows/decimals';
import type { Shared } from '../../rows/memory';
import { jsonOf } from '../../rows/parts';
import { milliseconds, select } from '../../rows/rows';

const readPolicy = readerOf(DEFAULT_POLICY);
const readDefault = readerOf(MEMBER_DEFAULT);

type Parts = Pick<Shared, 'memberStatuses' | 'defaultPolicies' | 'memberDefaults' | 'portOffers'>;

/** Members that are not active. */
export async function loadMemberStatuses(
  sql: Queries,
  { memberStatuses }: Pick<Parts, 'memberStatuses'>,
): Promise<void> {
  const members = await select<{ id: string; status: MemberStatus }>(
    sql,
    `SELECT "id", "status" FROM "Member" WHERE "status" <> 'ACTIVE' ORDER BY "id"`,
  );
  for (const { id, status } of members) memberStatuses.set(id, status);
}

/** Everything about defaults that the house still goes by. */
export async function loadDefaults(sql: Queries, parts: Parts): Promise<void> {
  await loadMemberStatuses(sql, parts);
  const policies = await select<{ terms: unknown }>(
    sql,
    'SELECT DISTINCT ON ("currency") "terms" FROM "DefaultPolicy" ORDER BY "currency", "version" DESC',
  );
  for (const { terms } of policies) {
    const policy = readPolicy(terms);
    parts.defaultPolicies.set(policy.currency, policy);
  }
  const open = await select<{ terms: unknown }>(
    sql,
    `SELECT "terms" FROM "MemberDefault" WHERE "status" = 'OPEN' ORDER BY "id"`,
  );
  for (const { terms } of open) {
    const found = readDefault(terms);
    parts.memberDefaults.set(found.id, found);
  }
  const offers = await select<Omit<PortOffer, 'offeredAt' | 'expiresAt'> & Record<'offeredAt' | 'expiresAt', number>>(
    sql,
    `SELECT "id", "defaultId" AS "default", "fromMember" AS "from", "toMember" AS "to", "accounts",
       ${milliseconds('"offeredAt"')} AS "offeredAt", ${milliseconds('"expiresAt"')} AS "expiresAt"
     FROM "PortOffer" WHERE "status" = 'OPEN' ORDER BY "id"`,
  );
  for (const offer of offers)
    parts.portOffers.set(offer.id, {
      ...offer,
      offeredAt: instant(offer.offeredAt),
      expiresAt: instant(offer.expiresAt),
    });
}

export function onMemberStatusChanged({ rows }: Batch, event: EventOf<'MemberStatusChanged'>, { at }: Moment): void {
  rows.update('Member', { id: event.member, status: event.to, reason: event.reason, since: timeText(at) });
}

export function onDefaultPolicySet({ rows }: Batch, { terms }: EventOf<'DefaultPolicySet'>, { seq }: Moment): void {
  rows.insert('DefaultPolicy', { currency: terms.currency, version: terms.version, terms: jsonOf(terms), setSeq: seq });
}

export function onDefaultDeclared({ rows }: Batch, { declared }: EventOf<'DefaultDeclared'>, { seq }: Moment): void {
  rows.insert('MemberDefault', {
    id: declared.id,
    memberId: declared.member,
    reason: declared.reason,
    status: 'OPEN',
    phase: declared.phase,
    declaredAt: timeText(declared.declaredAt),
    declaredSeq: seq,
    portingUntil: timeText(declared.portingUntil),
    closingAt: null,
    settledAt: null,
    closedAt: null,
    closedReason: null,
    terms: jsonOf(declared),
  });
  for (const { currency, account, own, policyVersion } of declared.books) {
    rows.insert('MemberDefaultBook', {
      defaultId: declared.id,
      currency,
      accountId: account,
      ownId: own,
      policyVersion,
      netted: '0',
      positions: [],
      accounts: [],
      lots: [],
      result: null,
      seized: null,
      borne: null,
      returned: null,
      settledSeq: null,
    });
  }
}

export function onDefaultNetted({ rows, state }: Batch, event: EventOf<'DefaultNetted'>): void {
  const { currency } = event;
  rows.update('MemberDefaultBook', {
    defaultId: event.default,
    currency,
    netted: cashText(state, currency, event.amount),
    positions: event.nets.map(({ instrument, size, mark, value }) => ({
      ...lotPositionOf(state, { instrument, size }),
      mark: priceText(instrumentOf(state, instrument), mark),
      value: cashText(state, currency, value),
    })),
    accounts: event.netted.map(({ account, collateral, result }) => ({
      account,
      collateral: cashText(state, currency, collateral),
      result: cashText(state, currency, result),
    })),
  });
}

const lotPositionOf = (state: State, { instrument, size }: LotPosition) => ({
  instrument,
  size: sizeText(instrumentOf(state, instrument), size),
});

const lotOf = (state: State, { ordinal, share, positions }: DefaultLot) => ({
  ordinal,
  share: orNull(share, rateText),
  positions: positions.map((position) => lotPositionOf(state, position)),
});

export function onDefaultSplit({ rows, state }: Batch, event: EventOf<'DefaultSplit'>): void {
  rows.update('MemberDefaultBook', {
    defaultId: event.default,
    currency: event.currency,
    lots: event.lots.map((lot) => lotOf(state, lot)),
  });
}

export function onDefaultAuctionStarted(
  { rows, state }: Batch,
  { opened, currency, ...event }: EventOf<'DefaultAuctionStarted'>,
  { at }: Moment,
): void {
  const found = known(state.memberDefaults.get(event.default), 'Default', event.default);
  const lots = found.books.find((book) => book.currency === currency)?.lots ?? [];
  rows.insert('DefaultAuction', {
    id: opened.id,
    defaultId: event.default,
    currency,
    round: opened.round,
    invited: [...(opened.invited ?? [])],
    minimumBidders: opened.minimumBidders,
    reserve: rateText(opened.reserve),
    lots: lots.map((lot) => lotOf(state, lot)),
    status: 'OPEN',
    awards: [],
    juniors: [],
    startedAt: timeText(at),
    endsAt: timeText(opened.endsAt),
    endedAt: null,
  });
}

export function onDefaultAuctionEnded(
  { rows, state }: Batch,
  event: EventOf<'DefaultAuctionEnded'>,
  { at }: Moment,
): void {
  rows.update('DefaultAuction', {
    id: event.auction,
    status: event.outcome,
    awards: event.awards.map(({ account, ordinal, amount }) => ({
      account,
      ordinal,
      amount: cashText(state, event.currency, amount),
    })),
    juniors: [...event.juniors],
    endedAt: timeText(at),
  });
}

export function onDefaultSettled({ rows, state }: Batch, event: EventOf<'DefaultSettled'>, { seq }: Moment): void {
  const { currency } = event;
  const money = (amount: typeof event.result): string => cashText(state, currency, amount);
  rows.update('MemberDefaultBook', {
    defaultId: event.default,
    currency,
    result: money(event.result),
    seized: money(event.seized),
    borne: money(event.borne),
    returned: money(event.returned),
    settledSeq: seq,
  });
}

export function onDefaultPhaseChanged({ rows }: Batch, event: EventOf<'DefaultPhaseChanged'>, { at }: Moment): void {
  const time = event.phase === 'CLOSING' ? { closingAt: timeText(at) } : { settledAt: timeText(at) };
  rows.update('MemberDefault', { id: event.default, phase: event.phase, ...time });
}

export function onDefaultClosed({ rows }: Batch, event: EventOf<'DefaultClosed'>, { at }: Moment): void {
  rows.update('MemberDefault', {
    id: event.default,
    status: event.outcome,
    closedAt: timeText(at),
    closedReason: event.reason,
    terms: null,
  });
}

export function onPortOffered({ rows }: Batch, { offered }: EventOf<'PortOffered'>): void {
  rows.insert('PortOffer', {
    id: offered.id,
    defaultId: offered.default,
    fromMember: offered.from,
    toMember: offered.to,
    accounts: [...offered.accounts],
    status: 'OPEN',
    offeredAt: timeText(offered.offeredAt),
    expiresAt: timeText(offered.expiresAt),
    endedAt: null,
    reason: null,
  });
}

export function onPortEnded({ rows }: Batch, event: EventOf<'PortEnded'>, { at }: Moment): void {
  rows.update('PortOffer', { id: event.port, status: event.outcome, endedAt: timeText(at), reason: event.reason });
}

export function onClientsPorted(
  { rows, ported }: Batch,
  { port, moved }: EventOf<'ClientsPorted'>,
  { at }: Moment,
): void {
  for (const account of moved) ported.add(account);
  rows.update('PortOffer', { id: port, status: 'ACCEPTED', endedAt: timeText(at), reason: null });
}

/** Every movement in the ledger of a default, whatever event made it. */
export function onDefaultLines({ rows, state }: Batch, event: Event, { seq, at, place }: Moment): void {
  for (const [ordinal, { account, line }] of defaultLinesOf(state, event).entries()) {
    const found = known(defaultBehind(state, account), 'Default', account);
    const { kind, currency, amount, about } = line;
    const book = known(
      found.books.find((each) => each.account === account),
      'Currency of a default',
      account,
    ).currency;
    const where = { seq, place, ordinal, defaultId: found.id, book };
    rows.insert('MemberDefaultLine', {
      ...where,
      kind,
      currency,
      amount: cashText(state, currency, amount),
      about,
      at: timeText(at),
    });
  }
}

/** Open defaults as they are now, to go on from. */
export function writeDefaults({ rows, state, before }: Batch): void {
  for (const [id, found] of changed(before.memberDefaults, state.memberDefaults))
    rows.update('MemberDefault', { id, terms: jsonOf(found) });
}
