/** Ladders for tests: rungs with only the limits a test is about, and the liquidators and providers on them. */

import type { CommandOf } from '../../src/core/message/command';
import type { Event } from '../../src/core/message/event';
import type { OfferTermsInput, RungInput } from '../../src/core/message/ladderCommands';

import type { LadderMethod, OfferTerms } from '../../src/core/model/ladder';
import { cash, duration, rate } from '../../src/units/quantity';
import { openAccount } from './given';
import { ofType, type TestHouse } from './house';
import { byTwo } from './ladder';

export const offerOf = (given: Partial<OfferTermsInput> = {}): OfferTermsInput => ({
  flat: '0',
  startRate: '0',
  ratePerSecond: '0',
  maximumRate: '0',
  grace: 0,
  expense: '0',
  minimumProfit: '0',
  profitRate: '0',
  rewardCap: null,
  claimWindow: 10_000,
  claimPenalty: '50',
  minimumDeposit: '100',
  ...given,
});

/** The same as the house keeps them: no reward but what is given. */
export const offerTerms = (given: Partial<OfferTerms> = {}): OfferTerms => ({
  ...{ flat: cash(0n), startRate: rate(0n), ratePerSecond: rate(0n), maximumRate: rate(0n), grace: duration(0) },
  ...{ expense: cash(0n), minimumProfit: cash(0n), profitRate: rate(0n), rewardCap: null },
  ...{ claimWindow: duration(1), claimPenalty: cash(0n), minimumDeposit: cash(0n) },
  ...given,
});

export const rungOf = (method: LadderMethod, given: Partial<RungInput> = {}): RungInput => ({
  method,
  window: method === 'LIQUIDATORS' ? 60_000 : null,
  marketCap: null,
  globalCap: null,
  maximumShareOfDepth: null,
  slippage: method === 'BACKSTOP' ? '0.01' : null,
  offer: method === 'LIQUIDATORS' ? offerOf() : null,
  ...given,
});

export const ladderOf = (
  rungs: readonly RungInput[],
  instrument: string | null = null,
): CommandOf<'SetDisposalLadder'> => ({
  type: 'SetDisposalLadder',
  currency: 'USD',
  instrument,
  rungs,
});

/** Opens an account and puts it on the list of liquidators. */
export function liquidator(
  house: TestHouse,
  account: string,
  deposit = '1000',
  cash = '10000000',
  fields: { owner?: string } = {},
): void {
  openAccount(house, account, cash, fields);
  house.send({ type: 'RegisterLiquidator', account, deposit, operator: null });
}

/** Opens an account and binds it as a backstop provider. */
export function provider(
  house: TestHouse,
  account: string,
  capacity: string,
  discount: string,
  cash = '10000000',
): void {
  openAccount(house, account, cash);
  house.send({ type: 'RegisterBackstopProvider', account, instrument: null, capacity, discount });
}

/** Sets a ladder in a house that is open for business, which takes two. */
export const setLadder = (house: TestHouse, rungs: readonly RungInput[], instrument: string | null = null): Event[] =>
  byTwo(house, ladderOf(rungs, instrument));

/** The moves from rung to rung, as text. */
export const movesOf = (events: readonly Event[]): string[] =>
  ofType(events, 'ReductionMoved').map(
    ({ fromMethod, toMethod, size, cause }) => `${fromMethod} > ${toMethod} ${size} ${cause}`,
  );
