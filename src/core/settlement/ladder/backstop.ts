/**
 * Backstop providers: accounts that have bound themselves to take positions over at a discount from the mark, up to a
 * notional. The lowest discount goes first, equal ones by what is left of their capacity; nobody is taken below its
 * initial margin, and nobody's own positions or those of its owner are given to it.  Rules: LI-3, LI-4, IM-1
 */

import { allocateCapped } from '../../../units/allocate';
import { known } from '../../../units/failure';
import {
  type Cash,
  cash,
  compare,
  least,
  type Margin,
  marginOf,
  minus,
  NO_SIZE,
  negate,
  plus,
  RATE_ONE,
  type Size,
  size,
} from '../../../units/quantity';
import { cashDown, divDown } from '../../../units/rounding';
import { EMPTY_POSITION, exposureOf } from '../../book/exposure';
import { onTransfers } from '../../ledger/transfers';
import { equityOf } from '../../margin/equity';
import type { Holding } from '../../margin/model/holding';
import { limitOf } from '../../margin/model/models';
import { backingOf, holdingOf, pictureOf, withPosition } from '../../margin/picture';
import { openingOf, requirementOf } from '../../margin/requirement';
import { usedEquityOf } from '../../margin/solve';
import { type Standing, standingOfAccount } from '../../margin/standing';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';

import { type Checked, ok, refused } from '../../message/rejection';
import type { Account, AccountId } from '../../model/account';
import type { Actor } from '../../model/actor';
import type { BackstopProvider, Rung, RungCause } from '../../model/ladder';
import type { Liquidation } from '../../model/liquidation';
import type { Instrument, InstrumentId } from '../../model/reference';
import type { State, View } from '../../model/state';
import { changeOf, onPositionChanges } from '../../position/changes';
import { legOf, realisedTransfers } from '../../position/novate';
import { fill, notionalOf, worthAt } from '../../position/value';
import { accountFor } from '../../reference/accounts';
import { readPayment, readRate } from '../../reference/reading';
import { chargesOf, chargeTransfers } from '../closing/charge';
import { areRelated } from '../liquidator/claim';
import { noteCharges } from '../tally/charged';

export const backstopKey = (account: AccountId, instrument: InstrumentId | null): string =>
  `${account} ${instrument ?? '*'}`;

/**
 * Errors, in order: ACCOUNT_NOT_FOUND, INSTRUMENT_NOT_FOUND, CURRENCY_MISMATCH, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE,
 * VALUE_OUT_OF_RANGE.
 */
export function checkRegisterBackstopProvider(
  view: View,
  command: CommandOf<'RegisterBackstopProvider'>,
  actor: Actor,
): Checked<BackstopProvider> {
  const account = accountFor(view, actor, command.account);
  if (!account || account.kind === 'CLOSE_OUT') return refused('ACCOUNT_NOT_FOUND', { account: command.account });
  if (command.instrument !== null) {
    const listing = view.listings.get(command.instrument);
    if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: command.instrument });
    const { settlement } = listing.instrument;
    if (settlement !== account.currency)
      return refused('CURRENCY_MISMATCH', { account: account.currency, instrument: settlement });
  }
  const capacity = readPayment(view, account.currency, command.capacity);
  if (capacity.rejection) return capacity;
  const discount = readRate('discount', command.discount);
  if (discount.rejection) return discount;
  const { instrument } = command;
  return ok({ account: account.id, instrument, capacity: capacity.ok, left: capacity.ok, discount: discount.ok });
}

export const registerBackstopProvider = (desk: Desk, provider: BackstopProvider): void =>
  desk.emit({ type: 'BackstopProviderRegistered', provider });

/** Errors: PROVIDER_NOT_FOUND. */
export function checkDeregisterBackstopProvider(
  view: View,
  command: CommandOf<'DeregisterBackstopProvider'>,
  actor: Actor,
): Checked<BackstopProvider> {
  const provider =
    accountFor(view, actor, command.account) && view.providers.get(backstopKey(command.account, command.instrument));
  return provider
    ? ok(provider)
    : refused('PROVIDER_NOT_FOUND', { account: command.account, instrument: command.instrument ?? '' });
}

export const deregisterBackstopProvider = (desk: Desk, { account, instrument }: BackstopProvider): void =>
  desk.emit({ type: 'BackstopProviderDeregistered', account, instrument });

export function onBackstopProviderRegistered(state: State, { provider }: EventOf<'BackstopProviderRegistered'>): void {
  state.providers.set(backstopKey(provider.account, provider.instrument), provider);
}

export function onBackstopProviderDeregistered(state: State, event: EventOf<'BackstopProviderDeregistered'>): void {
  state.providers.delete(backstopKey(event.account, event.instrument));
}

/**
 * Gives `lots` (without sign) of a position to providers, as far as they reach. Returns how many went, and why not more
 * did.
 */
export function assignToProviders(
  desk: Desk,
  liquidation: Liquidation,
  id: InstrumentId,
  lots: Size,
  rung: Rung,
  trigger: Holding['mark'],
): { readonly taken: Size; readonly cause: RungCause } {
  const waiting = providersFor(desk.view, liquidation.account, id, rung);
  let left = lots;
  for (const group of waiting) {
    // What one takes moves the tier of its owner's others: who can take less for it leaves the rest to the group again.
    for (let given = lots; given > 0n && left > 0n; left = minus(left, given))
      given = assignToGroup(desk, liquidation, id, group.map(now(desk.view)), left, trigger);
  }
  return { taken: minus(lots, left), cause: waiting.length === 0 ? 'NOBODY_THERE' : 'BEYOND_MARGIN' };
}

const now =
  (view: View) =>
  (provider: BackstopProvider): BackstopProvider =>
    view.providers.get(backstopKey(provider.account, provider.instrument)) ?? provider;

/** Shares lots out among providers of one discount. Returns how many they took. */
function assignToGroup(
  desk: Desk,
  liquidation: Liquidation,
  id: InstrumentId,
  group: readonly BackstopProvider[],
  lots: Size,
  trigger: Holding['mark'],
): Size {
  const claims = group.map((provider) => ({
    id: backstopKey(provider.account, provider.instrument),
    weight: provider.left as bigint,
    cap: lotsOf(desk.view, liquidation, id, provider, lots),
  }));
  const { shares } = allocateCapped(lots, claims);
  let given = NO_SIZE;
  for (const [i, provider] of group.entries()) {
    const share = lotsOf(desk.view, liquidation, id, provider, shares[i] ?? NO_SIZE);
    if (share === 0n) continue;
    assign(desk, liquidation, id, provider, share, trigger);
    given = plus(given, share);
  }
  return given;
}

/**
 * Providers with anything left, in groups of one discount, the lowest first. Of two registrations of an account the one
 * for the instrument counts.
 */
function providersFor(view: View, account: AccountId, id: InstrumentId, rung: Rung): BackstopProvider[][] {
  const { instrument } = known(view.listings.get(id), 'Instrument', id);
  const closed = known(view.book.account(account), 'Account', account);
  const chosen = new Map<AccountId, BackstopProvider>();
  for (const provider of view.providers.values()) {
    const own = known(view.book.account(provider.account), 'Account', provider.account);
    const covers =
      provider.instrument === id || (provider.instrument === null && own.currency === instrument.settlement);
    const allowed = !areRelated(own, closed) && (own.instrument === null || own.instrument === id);
    if (!covers || !allowed || provider.left <= 0n || provider.discount > (rung.slippage ?? 0n)) continue;
    if (provider.instrument === id || !chosen.has(own.id)) chosen.set(own.id, provider);
  }
  const groups = new Map<bigint, BackstopProvider[]>();
  for (const provider of chosen.values()) {
    groups.set(provider.discount, [...(groups.get(provider.discount) ?? []), provider]);
  }
  return [...groups]
    .sort(([a], [b]) => compare(a, b))
    .map(([, group]) => group.sort((a, b) => compare(a.account, b.account)));
}

/**
 * The most lots a provider can be given: within its capacity, and so that it stands at its initial margin or above with
 * them.
 */
function lotsOf(view: View, liquidation: Liquidation, id: InstrumentId, provider: BackstopProvider, lots: Size): Size {
  const listing = known(view.listings.get(id), 'Instrument', id);
  const mark = known(listing.mark ?? undefined, 'Mark price', id).price;
  const perLot = notionalOf(listing.instrument, size(1n), mark);
  const fits = perLot === 0n ? lots : least(lots, size(divDown(provider.left, perLot)));
  if (!standsFree(view, provider.account)) return NO_SIZE;
  const closed = standingOfAccount(view, liquidation.account);
  const holding = holdingIn(closed, id);
  if (!holding) return NO_SIZE;
  const holds = (n: bigint): boolean =>
    n === 0n || staysWithin(view, provider, holding.instrument, tradeOf(closed, holding, size(n), provider));
  if (holds(fits)) return fits;
  let [low, high] = [0n, fits as bigint];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return size(low);
}

/** Only an account that is not called is given anything. */
function standsFree(view: View, account: AccountId): boolean {
  const { status } = view.book.stateOf(account);
  return status === 'HEALTHY' || status === 'WARNING';
}

/**
 * Whether an account stands at its initial margin with what it would have of such a trade, for exactly what it would
 * pay.
 */
function staysWithin(
  view: View,
  { account: id }: BackstopProvider,
  instrument: Instrument,
  { traded, worth, mark }: Trade,
): boolean {
  const account = known(view.book.account(id), 'Account', id);
  const before = backingOf(pictureOf(view, id));
  const position = view.book.position(id, instrument.id) ?? EMPTY_POSITION;
  const holding = holdingOf(view, account, before.policy, instrument.id, position);
  const { position: after, realised } = fill(instrument, position, negate(traded), negate(worth));
  const picture = withPosition({ ...before, cash: cash(before.cash + realised) }, { ...holding, position: after });
  const cap = limitOf(holding.terms);
  const beyond = cap !== null && notionalOf(instrument, plus(exposureOf(after), holding.otherLots), mark) > cap;
  const grown = minus(exposureOf(after), exposureOf(position));
  return (
    !beyond &&
    equityOf(backingOf(picture)) >= openingOf(picture) &&
    (grown <= 0n || ownersStand(view, account, instrument, grown))
  );
}

/**
 * Whether the other accounts of an owner that hold the instrument stand at initial margin with the tier that so many
 * lots more make.  MT-3
 */
function ownersStand(view: View, { id, owner }: Account, instrument: Instrument, grown: Size): boolean {
  return [...view.book.accountsOf(owner)].every((other) => {
    if (other === id) return true;
    const picture = backingOf(pictureOf(view, other));
    const holding = picture.holdings.find((each) => each.instrument.id === instrument.id);
    if (!holding || picture.policy?.aggregation !== 'OWNER') return true;
    const beside = withPosition(picture, { ...holding, otherLots: plus(holding.otherLots, grown) });
    return equityOf(beside) >= requirementOf(beside).initial;
  });
}

/** What changes hands when a provider takes lots of a liquidated account. */
interface Trade {
  readonly traded: Size; // by the account, buy positive
  readonly worth: Margin; // what the account pays for that
  readonly off: Cash; // of it the discount
  readonly share: Cash; // of the account's equity, behind the lots
  readonly mark: Holding['mark'];
}

/**
 * The lots at the mark less the discount, rounded down, which is paid out of the equity behind the lots, and never out
 * of more.
 */
function tradeOf(closed: Standing, holding: Holding, lots: Size, { discount }: BackstopProvider): Trade {
  const { instrument, mark, position } = holding;
  const traded = size(position.size > 0n ? -lots : lots);
  const share = usedEquityOf(closed, holding, lots);
  const off = least(cash(divDown(notionalOf(instrument, lots, mark) * discount, RATE_ONE)), share);
  return { traded, worth: plus(worthAt(instrument, traded, mark), marginOf(off)), off, share, mark };
}

const holdingIn = ({ picture }: Standing, id: InstrumentId): Holding | undefined =>
  picture.holdings.find(({ instrument }) => instrument.id === id);

function assign(
  desk: Desk,
  liquidation: Liquidation,
  id: InstrumentId,
  provider: BackstopProvider,
  lots: Size,
  trigger: Holding['mark'],
): void {
  const standing = standingOfAccount(desk.view, liquidation.account);
  const holding = known(holdingIn(standing, id), 'Holding', liquidation.account);
  const policy = known(standing.picture.policy, 'Margin policy', liquidation.account);
  const { instrument, mark } = holding;
  const { traded, worth, off, share } = tradeOf(standing, holding, lots, provider);
  const charges = chargesOf(desk.view, standing, holding, lots, policy, minus(share, off));
  const legs = [
    legOf(desk.view, liquidation.account, instrument, traded, worth),
    legOf(desk.view, provider.account, instrument, negate(traded), negate(worth)),
  ];
  desk.emit({
    type: 'BackstopAssigned',
    liquidation: liquidation.id,
    account: liquidation.account,
    provider: provider.account,
    scope: provider.instrument,
    instrument: id,
    size: traded,
    value: cashDown(worth),
    discount: provider.discount,
    mark,
    used: notionalOf(instrument, lots, mark),
    positions: legs.map(({ account, filled }) => changeOf(account, id, filled.position)),
    charges,
    slippage: {
      mark: off,
      trigger: cashDown(minus(worth, worthAt(instrument, traded, trigger))),
      bankruptcy: minus(off, share),
    },
    transfers: [
      ...realisedTransfers(legs, instrument),
      ...chargeTransfers(desk.view, liquidation.account, charges, policy, instrument, null),
    ],
  });
}

export function onBackstopAssigned(state: State, event: EventOf<'BackstopAssigned'>): void {
  onPositionChanges(state, event.positions);
  onTransfers(state, event.transfers);
  noteCharges(state, event.liquidation, event.transfers);
  const key = backstopKey(event.provider, event.scope);
  const provider = state.providers.get(key);
  if (provider) state.providers.set(key, { ...provider, left: minus(provider.left, event.used) });
}
