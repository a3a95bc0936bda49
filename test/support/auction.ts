/** Houses with collateral at auction: ETH at 110 dollars, accounts that a fall of BTC leaves with a debt. */

import type { CommandOf } from '../../src/core/message/command';
import type { Auction } from '../../src/core/model/auction';
import { classicPolicy, flatTiers, mark, onePerpetual, openAccount, pay, trade } from './given';
import type { TestHouse } from './house';

export const auctionPolicy = (fields: Partial<CommandOf<'SetAuctionPolicy'>> = {}): CommandOf<'SetAuctionPolicy'> => ({
  type: 'SetAuctionPolicy',
  currency: 'USD',
  form: 'DUTCH',
  curve: { shape: 'STAIRSTEP', stepFactor: '0.99', step: 60_000 },
  startMultiplier: '1.2',
  roundDuration: 3_600_000,
  priceFloorShare: '0.5',
  rounds: 2,
  resetReward: '10',
  resetRewardRate: '0.01',
  penaltyMultiplier: '1.1',
  minimumDebt: '22',
  valueCap: '1000000',
  lotCap: '1000000',
  reserveShare: '0.8',
  minimumTime: 0,
  minimumBidders: 1,
  increment: '0.05',
  extension: 60_000,
  badBidShare: '0.5',
  fundCap: '0',
  ...fields,
});

export interface Setting {
  readonly policy?: Partial<CommandOf<'SetAuctionPolicy'>> | null;
  readonly fund?: string;
  readonly heartbeat?: number;
  readonly discount?: string; // at which the house takes coins over; they are counted at no more than that
  readonly interval?: number | null;
}

/** ETH as collateral, the auction policy, a maker, and bidders `b1` and `b2` of two members. */
export function auctionHouse({
  policy = {},
  fund,
  heartbeat = 7 * 86_400_000,
  discount = '0.3',
  interval,
}: Setting = {}): TestHouse {
  const house = onePerpetual({
    tiers: flatTiers('0.02', '0.01'),
    policy: classicPolicy(),
    ...(interval === undefined ? {} : { interval }),
  });
  house.send({ type: 'DefineCurrency', currency: 'ETH', scale: 8 });
  house.send({
    type: 'DefineIndex',
    base: 'ETH',
    quote: 'USD',
    tick: '0.01',
    sources: ['a'],
    minimumSources: 1,
    maximumDeviation: '1',
    heartbeat,
  });
  house.send({
    type: 'SetCollateralTerms',
    currency: 'ETH',
    haircut: Number(discount) > 0.3 ? discount : '0.3',
    conversionDiscount: discount,
    eligible: true,
  });
  quoteEth(house, '110');
  if (policy) house.send(auctionPolicy(policy));
  if (fund) house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: fund, source: 'EXTERNAL' });
  for (const member of ['m1', 'm2', 'm3']) house.send({ type: 'AdmitMember', member, name: member });
  openAccount(house, 'maker', '99000000');
  openAccount(house, 'b1', '100000', { member: 'm1' });
  openAccount(house, 'b2', '100000', { member: 'm2' });
  return house;
}

export const quoteEth = (house: TestHouse, price: string) =>
  house.send({ type: 'SubmitIndexPrices', source: 'a', prices: [{ index: 'ETH/USD', price, observedAt: null }] });

/** Long one contract at 50,000 with 1,000 dollars and so many ETH. */
export function longWith(house: TestHouse, account: string, eth: string, owner = account): void {
  openAccount(house, account, '1000', { owner });
  pay(house, account, eth, 'ETH');
  trade(house, account, 'maker', '1', '50000');
}

/** `alice` with 40 ETH, worth 4,400, owes 4,000: the fall to 45,000 leaves her with less than nothing. */
export function inDebt(setting: Setting = {}, more: (house: TestHouse) => void = () => undefined): TestHouse {
  const house = auctionHouse(setting);
  longWith(house, 'alice', '40');
  more(house);
  mark(house, '45000');
  return house;
}

export const auctionIn = (house: TestHouse, account = 'alice'): Auction => {
  const [found] = [...house.state.auctions.values()].filter((auction) => auction.account === account);
  if (!found) throw new Error(`${account} has nothing at auction`);
  return found;
};

export const takeOf = (
  auction: Auction,
  quantity: string,
  limit: string,
  account = 'b1',
  version = auction.version,
) => ({
  type: 'TakeAuction' as const,
  ...{ auction: auction.id, account, quantity, limit, version },
});

export const bidOf = (
  auction: Auction,
  amount: string,
  account = 'b1',
  quantity: string | null = null,
  version = auction.version,
) => ({
  type: 'PlaceBid' as const,
  ...{ auction: auction.id, account, amount, quantity, version },
});
