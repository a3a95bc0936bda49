/**
 * Liquidators with what they have done, their claims, what they took, and what became of their rewards.  Rules: LI-1,
 * LI-2, LI-5
 */

import { ledgerKey } from '../../../core/ledger/transfers';
import type { EventOf } from '../../../core/message/event';
import type { Liquidator } from '../../../core/model/ladder';
import { depositName } from '../../../core/settlement/liquidator/register';
import type { Queries } from '../../../store/client';
import { known } from '../../../units/failure';
import { instant, NO_CASH } from '../../../units/quantity';
import { type Batch, changed, type Moment } from '../../rows/batch';
import { cashOf, cashText, instrumentOf, rateText, sizeText, timeText } from '../../rows/decimals';
import type { Shared } from '../../rows/memory';
import { milliseconds, select } from '../../rows/rows';

type Counts = 'claims' | 'expiredClaims' | 'takes' | 'completed' | 'since' | 'waited';
type Sums = 'feeShares' | 'rewards' | 'penalties';

interface Selected
  extends Record<Counts, number>,
    Record<Sums, string>,
    Pick<Liquidator, 'account' | 'operator' | 'active'> {
  readonly currency: string;
}

export async function loadLiquidators(
  sql: Queries,
  shared: Pick<Shared, 'currencies' | 'listings' | 'liquidators'>,
): Promise<void> {
  const rows = await select<Selected>(
    sql,
    `SELECT "accountId" AS account, "operator", "active", "currency", ${milliseconds('"since"')} AS since, "claims",
      "expiredClaims", "takes",
       "completed", "waitedMs" AS waited, "feeShares"::text, "rewards"::text, "penalties"::text FROM "Liquidator" ORDER
       BY "accountId"`,
  );
  for (const { currency, since, feeShares, rewards, penalties, ...rest } of rows) {
    shared.liquidators.set(rest.account, {
      ...rest,
      since: instant(since),
      feeShares: cashOf(shared, currency, feeShares),
      rewards: cashOf(shared, currency, rewards),
      penalties: cashOf(shared, currency, penalties),
    });
  }
}

export function writeLiquidators({ rows, state, before }: Batch): void {
  for (const [account, liquidator] of changed(before.liquidators, state.liquidators)) {
    const { currency } = known(state.book.account(account), 'Account', account);
    const { since, waited, feeShares, rewards, penalties, account: _, ...rest } = liquidator;
    rows.upsert('Liquidator', {
      ...{ ...rest, accountId: account, currency, since: timeText(since), waitedMs: waited },
      deposit: cashText(state, currency, state.ledger.get(ledgerKey(depositName(account), currency)) ?? NO_CASH),
      feeShares: cashText(state, currency, feeShares),
      rewards: cashText(state, currency, rewards),
      penalties: cashText(state, currency, penalties),
    });
  }
}

/** Who was struck off and is a liquidator again may claim an order again: the last of its claims is the row's. */
export function onLiquidationClaimed(
  { rows, state }: Batch,
  { claim, liquidatorId }: EventOf<'LiquidationClaimed'>,
): void {
  const { currency } = known(state.book.account(liquidatorId), 'Account', liquidatorId);
  rows.upsert('LiquidationClaim', {
    orderId: claim.order,
    liquidatorId,
    claimedAt: timeText(claim.claimedAt),
    expiresAt: timeText(claim.expiresAt),
    status: 'OPEN',
    penalty: cashText(state, currency, NO_CASH),
    endedAt: null,
  });
}

export function onLiquidationClaimEnded(
  { rows, state }: Batch,
  event: EventOf<'LiquidationClaimEnded'>,
  { at }: Moment,
): void {
  const { order, liquidatorId, outcome, amount } = event;
  const { currency } = known(state.book.account(liquidatorId), 'Account', liquidatorId);
  const penalty = cashText(state, currency, amount);
  rows.update('LiquidationClaim', { orderId: order, liquidatorId, status: outcome, penalty, endedAt: timeText(at) });
}

export function onLiquidationTaken(
  { rows, state }: Batch,
  event: EventOf<'LiquidationTaken'>,
  { seq, at, place }: Moment,
): void {
  const { order, liquidation, account, liquidatorId, instrument: id, trade, waited, rate, feeShare, held } = event;
  const instrument = instrumentOf(state, id);
  rows.insert('LiquidationTake', {
    ...{ seq, place, at: timeText(at), orderId: order, liquidationId: liquidation, accountId: account, liquidatorId },
    ...{ instrumentId: id, trade, size: sizeText(instrument, event.size), waitedMs: waited, rate: rateText(rate) },
    feeShare: cashText(state, instrument.settlement, feeShare),
    rewardDue: cashText(state, instrument.settlement, held.due),
  });
}

export function onLiquidatorRewarded(
  { rows, state }: Batch,
  event: EventOf<'LiquidatorRewarded'>,
  { seq, at, place }: Moment,
): void {
  const { order, liquidation, account, liquidatorId, restored, due, amount } = event;
  const { currency } = known(state.book.account(account), 'Account', account);
  rows.insert('LiquidatorReward', {
    ...{ seq, place, at: timeText(at), orderId: order, liquidationId: liquidation, accountId: account, liquidatorId },
    ...{ currency, restored, due: cashText(state, currency, due), amount: cashText(state, currency, amount) },
  });
}
