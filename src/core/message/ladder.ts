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
  DisposalLadderSet: { terms: kind.about(DISPOSAL_LADDER) },
  ReductionMoved: {
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
  },
  LiquidatorRegistered: {
    account: kind.account(),
    operator: kind.nullable(kind.text<ApiKeyId>()),
    currency: kind.currency(),
    amount: kind.cash('currency'), // of the deposit that was added
    transfers: kind.list(TRANSFER),
  },
  LiquidatorDeregistered: {
    account: kind.account(),
    currency: kind.currency(),
    amount: kind.cash('currency'), // of the deposit that was given back
    transfers: kind.list(TRANSFER),
  },
  LiquidationClaimed: { claim: CLAIM, liquidatorId: kind.account() },
  LiquidationClaimEnded: {
    order: kind.text<LiquidationOrderId>(),
    liquidatorId: kind.account(),
    outcome: kind.text<'TAKEN' | 'EXPIRED' | 'RELEASED'>(),
    amount: kind.cash('liquidatorId'), // taken from the deposit
    transfers: kind.list(TRANSFER),
  },
  LiquidationTaken: {
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
  },
  LiquidatorRewarded: {
    liquidation: kind.text<LiquidationId>(),
    account: kind.account(),
    liquidatorId: kind.account(),
    order: kind.text<LiquidationOrderId>(),
    restored: kind.flag(), // whether the account stands at its target again
    due: kind.cash('account'),
    amount: kind.cash('account'), // what the account could spare of it; zero where it was not restored
    transfers: kind.list(TRANSFER),
  },
  BackstopProviderRegistered: { provider: BACKSTOP_PROVIDER },
  BackstopProviderDeregistered: { account: kind.account(), instrument: kind.nullable(kind.instrument()) },
  BackstopAssigned: {
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
  },
  LiquidationDisputed: { dispute: LIQUIDATION_DISPUTE },
  LiquidationDisputeRuled: {
    dispute: kind.text(),
    liquidation: kind.text<LiquidationId>(),
    account: kind.account(),
    upheld: kind.flag(),
    by: kind.text(),
    reason: kind.text(),
    currency: kind.currency(),
    amount: kind.cash('currency'), // given back
    transfers: kind.list(TRANSFER),
  },
});
