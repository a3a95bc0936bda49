/** Commands and events of the disposal ladder, of liquidators and backstop providers, and of disputed liquidations. */

import { kind } from '../kind/kind';
import type { ApiKeyId } from '../model/actor';
import { CLAIM, HELD_REWARD, LIQUIDATION_DISPUTE } from '../model/claim';
import type { LadderId, LadderMethod, RungCause } from '../model/ladder';
import { BACKSTOP_PROVIDER, DISPOSAL_LADDER } from '../model/ladder';
import type { LiquidationId, LiquidationOrderId } from '../model/liquidation';
import { TRANSFER } from './ledger';
import { POSITION_CHANGE } from './position';

import { CHARGES, SLIPPAGE } from './settlement';

export const LADDER_EVENTS = kind.events({
  DisposalLadderSet: kind.event('A version of a disposal ladder was set.', { terms: kind.about(DISPOSAL_LADDER) }),
  ReductionMoved: kind.event('An order, or a part of it, moved to another rung of its ladder.', {
    liquidation: kind.text<LiquidationId>(),
    account: kind.account(),
    instrument: kind.instrument(),
    origin: kind.text<LiquidationOrderId>(),
    ladder: kind.text<LadderId>(),
    version: kind.count(),
    fromRung: kind.count(),
    fromMethod: kind.text<LadderMethod>(),
    toRung: kind.count(),
    toMethod: kind.text<LadderMethod>(),
    size: kind.size('instrument'), // that moves on, signed as the order
    cause: kind.text<RungCause>(),
  }),
  LiquidatorRegistered: kind.event('A liquidator was registered, or added to its deposit.', {
    account: kind.account(),
    operator: kind.nullable(kind.text<ApiKeyId>()),
    currency: kind.currency(),
    amount: kind.cash('currency'), // of the deposit that was added
    transfers: kind.list(TRANSFER),
  }),
  LiquidatorDeregistered: kind.event('A liquidator was deregistered and got its deposit back.', {
    account: kind.account(),
    currency: kind.currency(),
    amount: kind.cash('currency'), // of the deposit that was given back
    transfers: kind.list(TRANSFER),
  }),
  LiquidationClaimed: kind.event('A liquidator claimed an order, and keeps others out.', {
    claim: CLAIM,
    liquidatorId: kind.account(),
  }),
  LiquidationClaimEnded: kind.event('A claim ended: it was taken, it expired, or it was released with its order.', {
    order: kind.text<LiquidationOrderId>(),
    liquidatorId: kind.account(),
    outcome: kind.text<'TAKEN' | 'EXPIRED' | 'RELEASED'>(),
    amount: kind.cash('liquidatorId'), // taken from the deposit
    transfers: kind.list(TRANSFER),
  }),
  LiquidationTaken: kind.event('A liquidator took lots of a liquidated account.', {
    order: kind.text<LiquidationOrderId>(),
    liquidation: kind.text<LiquidationId>(),
    account: kind.account(), // the one that is closed
    liquidatorId: kind.account(),
    instrument: kind.instrument(),
    trade: kind.text(),
    size: kind.size('instrument'), // traded by the account
    waited: kind.count(), // ms since the offer
    rate: kind.rate(), // of the incentive then
    feeShare: kind.cash('account'), // of the fee, paid with the fill
    held: HELD_REWARD,
  }),
  LiquidatorRewarded: kind.event('A liquidation ended. Its liquidators were paid their rewards, or were not.', {
    liquidation: kind.text<LiquidationId>(),
    account: kind.account(),
    liquidatorId: kind.account(),
    order: kind.text<LiquidationOrderId>(),
    restored: kind.flag(), // whether the account stands at its target again
    due: kind.cash('account'),
    amount: kind.cash('account'), // what the account could spare of it; zero where it was not restored
    transfers: kind.list(TRANSFER),
  }),
  BackstopProviderRegistered: kind.event('A backstop provider was registered.', { provider: BACKSTOP_PROVIDER }),
  BackstopProviderDeregistered: kind.event('A backstop provider was deregistered.', {
    account: kind.account(),
    instrument: kind.nullable(kind.instrument()),
  }),
  BackstopAssigned: kind.event('Lots of a liquidated account were assigned to a backstop provider.', {
    liquidation: kind.text<LiquidationId>(),
    account: kind.account(),
    provider: kind.account(),
    scope: kind.nullable(kind.instrument()), // of the registration it counts against
    instrument: kind.instrument(),
    size: kind.size('instrument'), // traded by the account, buy positive
    value: kind.cash('account'), // what the account pays, above zero, or receives
    discount: kind.rate(),
    mark: kind.price('instrument'),
    used: kind.cash('account'), // notional that counts against the provider's capacity
    positions: kind.list(POSITION_CHANGE),
    charges: CHARGES,
    slippage: SLIPPAGE,
    transfers: kind.list(TRANSFER),
  }),
  LiquidationDisputed: kind.event('A liquidation was disputed.', { dispute: LIQUIDATION_DISPUTE }),
  LiquidationDisputeRuled: kind.event('An officer ruled on a disputed liquidation.', {
    dispute: kind.text(),
    liquidation: kind.text<LiquidationId>(),
    account: kind.account(),
    upheld: kind.flag(),
    by: kind.text(),
    reason: kind.text(),
    currency: kind.currency(),
    amount: kind.cash('currency'), // given back
    transfers: kind.list(TRANSFER),
  }),
});
