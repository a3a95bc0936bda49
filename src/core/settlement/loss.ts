/**
 * Loss containment: what bankrupt accounts leave goes down the layers of the currency's loss policy, each emptied before
 * the next is touched; socialized loss is the last. Each case keeps a readable ledger of its layers.
 * Rules: B3-1 to B3-3, SL-1 to SL-3; Ruling 7
 */

import { allocateCapped } from '../../units/allocate';
import { assert, known } from '../../units/failure';
import { abs, type Cash, cash, compare, greatest, least, margin, minus, plus, total } from '../../units/quantity';
import { cashDown } from '../../units/rounding';
import { accountName, balanceOf, onTransfers } from '../ledger/transfers';
import { type Standing, standingOfAccount } from '../margin/standing';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { LedgerName, Transfer } from '../message/ledger';
import type { DefaultCase, LossShare } from '../message/settlement';
import type { AccountId } from '../model/account';
import type { LayerUse } from '../model/liquidation';
import type { LossLayer, LossPolicy } from '../model/policy';
import type { CurrencyId } from '../model/reference';
import type { State, View } from '../model/state';
import { notionalOf } from '../position/value';
import { gainOf } from './gains';

/** A loss to be borne: whose default it is, and which account has to be made whole. */
export interface Loss {
  readonly account: AccountId;
  readonly beneficiary: AccountId;
  readonly amount: Cash;
}

type FundedLayer = Exclude<LossLayer, 'SOCIALIZED_LOSS'>;
const LEDGER_OF: Readonly<Record<FundedLayer, LedgerName>> = { INSURANCE_FUND: 'insurance-fund', HOUSE_CAPITAL: 'house-capital' };

/** Allocates losses of one currency, in the order given. */
export function allocateLosses(desk: Desk, currency: CurrencyId, losses: readonly Loss[]): void {
  const policy = known(desk.view.lossPolicies.get(currency), 'Loss policy', currency);
  const transfers: Transfer[] = [];
  const books = losses.map((loss) => ({ loss, left: loss.amount, layers: [] as LayerUse[] }));
  for (const layer of policy.layers) {
    if (layer === 'SOCIALIZED_LOSS') continue;
    let available = greatest(balanceOf(desk.view, LEDGER_OF[layer], currency), cash(0n));
    for (const book of books) {
      const used = least(book.left, available);
      book.layers.push(layerUse(layer, available, used));
      pushPayment(transfers, LEDGER_OF[layer], book.loss.beneficiary, currency, used, 'SHORTFALL');
      available = minus(available, used);
      book.left = minus(book.left, used);
    }
  }
  const shares = policy.layers.includes('SOCIALIZED_LOSS') ? socialize(desk.view, policy, books, transfers) : [];
  for (const book of books) {
    if (book.left === 0n) continue;
    // Nobody could bear it: it stands open, on an account of its own, until money is found.
    book.layers.push(layerUse('UNALLOCATED', book.left, book.left));
    pushPayment(transfers, 'unallocated-loss', book.loss.beneficiary, currency, book.left, 'SHORTFALL');
  }
  const cases = books.map(
    ({ loss, layers }): DefaultCase => ({ id: desk.newId('case'), account: loss.account, loss: loss.amount, layers }),
  );
  for (const { loss, layers } of cases)
    assert(total(layers.map((layer) => layer.used)) === loss, 'The layers of a case sum to its loss', { loss });
  desk.emit({ type: 'LossAllocated', currency, base: policy.base, policyVersion: policy.version, cases, shares, transfers });
}

const layerUse = (layer: string, available: Cash, used: Cash): LayerUse => ({ layer, available, used, left: minus(available, used) });

function pushPayment(
  transfers: Transfer[],
  from: LedgerName,
  to: AccountId,
  currency: CurrencyId,
  amount: Cash,
  reason: Transfer['reason'],
): void {
  if (amount > 0n) transfers.push({ from, to: accountName(to), currency, amount, reason });
}

interface CaseBook {
  readonly loss: Loss;
  left: Cash;
  readonly layers: LayerUse[];
}

/** Spreads what is left over those who can bear it, each by their base and within their cap, exactly; ties by account id. */
function socialize(view: View, policy: LossPolicy, books: readonly CaseBook[], transfers: Transfer[]): LossShare[] {
  const needed = total(books.map((book) => book.left));
  const payers = needed === 0n ? [] : payersOf(view, policy, new Set(books.map(({ loss }) => loss.account)));
  const { shares } = allocateCapped(
    needed,
    payers.map(({ account, weight, cap }) => ({ id: account, weight, cap })),
  );
  const levied = payers.map((payer, i): LossShare => ({ ...payer, amount: shares[i] ?? cash(0n) })).filter(({ amount }) => amount > 0n);

  let available = total(payers.map((payer) => payer.cap));
  const purse = levied.map(({ account, amount }) => ({ account, amount }));
  for (const book of books) {
    const used = least(book.left, total(purse.map((part) => part.amount)));
    book.layers.push(layerUse('SOCIALIZED_LOSS', available, used));
    available = minus(available, used);
    book.left = minus(book.left, used);
    drain(purse, used, (account, amount) => {
      transfers.push({
        from: accountName(account),
        to: accountName(book.loss.beneficiary),
        currency: policy.currency,
        amount,
        reason: 'SOCIALIZED_LOSS',
      });
    });
  }
  return levied;
}

/** Takes `amount` out of the purse in its order. */
function drain(
  purse: { readonly account: AccountId; amount: Cash }[],
  amount: Cash,
  pay: (account: AccountId, amount: Cash) => void,
): void {
  let left = amount;
  for (const part of purse) {
    const paid = least(part.amount, left);
    if (paid === 0n) continue;
    pay(part.account, paid);
    part.amount = minus(part.amount, paid);
    left = minus(left, paid);
  }
}

/**
 * Who may be asked, and for how much at most: never more than their own gain, never below their maintenance margin, never
 * more than its cash where an account holds no position (it would owe it), never an account in default, never the house's
 * own.  SL-2, SL-3
 */
function payersOf(view: View, policy: LossPolicy, defaulters: ReadonlySet<AccountId>): Omit<LossShare, 'amount'>[] {
  const payers: Omit<LossShare, 'amount'>[] = [];
  for (const id of view.book.accountIds()) {
    const account = known(view.book.account(id), 'Account', id);
    if (account.currency !== policy.currency || account.kind === 'CLOSE_OUT' || defaulters.has(id)) continue;
    const standing = standingOfAccount(view, id);
    const above = cashDown(margin(standing.equity - standing.maintenance));
    const flat = standing.picture.holdings.every(({ position }) => position.size === 0n);
    const spare = flat ? least(above, standing.picture.cash) : above;
    const weight = baseOf(view, policy, standing);
    const cap = policy.base === 'GAINS' ? least(weight, spare) : spare;
    if (weight > 0n && cap > 0n) payers.push({ account: id, weight, cap });
  }
  return payers.sort((a, b) => compare(a.account, b.account));
}

function baseOf(view: View, policy: LossPolicy, { picture, equity }: Standing): Cash {
  if (policy.base === 'GAINS') return gainOf(view, picture.account.id);
  if (policy.base === 'EQUITY') return cashDown(equity);
  return picture.holdings.reduce(
    (sum, { instrument, position, mark }) => plus(sum, notionalOf(instrument, abs(position.size), mark)),
    cash(0n),
  );
}

export function onLossAllocated(state: State, event: EventOf<'LossAllocated'>): void {
  onTransfers(state, event.transfers);
  for (const { account, amount } of event.shares) {
    const before = state.book.stateOf(account);
    state.book.setState(account, { ...before, levied: plus(before.levied, amount) });
  }
}
