/** Portfolios at auction: `alice` long 10 at 50,000 with 11,000 against 12,500, on a ladder with the rung AUCTION. */

import type { CommandOf } from '../../src/core/message/command';
import type { RungInput } from '../../src/core/message/ladderCommands';
import type { PortfolioAuction } from '../../src/core/model/portfolio';
import { openAccount } from './given';
import type { TestHouse } from './house';
import { byTwo } from './ladder';
import { type Fallen, fallen } from './liquidation';
import { rungOf, setLadder } from './rungs';

export const portfolioPolicy = (
  fields: Partial<CommandOf<'SetPortfolioPolicy'>> = {},
): CommandOf<'SetPortfolioPolicy'> => ({
  type: 'SetPortfolioPolicy',
  currency: 'USD',
  start: '1',
  cutoff: '0.8',
  fast: 600_000,
  slow: 7_200_000,
  reserveShare: '0.5',
  window: 3_600_000,
  insolventWindow: 600_000,
  ...fields,
});

export interface Offered extends Fallen {
  readonly terms_?: Partial<CommandOf<'SetPortfolioPolicy'>> | null;
  readonly rungs?: readonly RungInput[];
  readonly fund?: string;
}

/** `alice` before her call expires, the policy, the ladder, and bidders `b1` and `b2` of other members. */
export function called({
  terms_ = {},
  rungs = [rungOf('AUCTION'), rungOf('HOUSE')],
  fund,
  ...given
}: Offered = {}): TestHouse {
  const house = fallen(given);
  for (const member of ['m1', 'm2']) house.send({ type: 'AdmitMember', member, name: member });
  openAccount(house, 'b1', '1000000', { member: 'm1' });
  openAccount(house, 'b2', '1000000', { member: 'm2' });
  if (fund) house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: fund, source: 'EXTERNAL' });
  if (terms_ !== null) byTwo(house, portfolioPolicy(terms_));
  setLadder(house, rungs);
  return house;
}

/** The same an hour on: her portfolio is at auction. */
export function offered(given: Offered = {}): TestHouse {
  const house = called(given);
  house.pass('1h');
  return house;
}

export const portfolioIn = (house: TestHouse, account = 'alice'): PortfolioAuction => {
  const [found] = [...house.state.portfolios.values()].filter((auction) => auction.account === account);
  if (!found) throw new Error(`The portfolio of ${account} is not at auction`);
  return found;
};

export const shareOf = (
  auction: PortfolioAuction,
  share: string | null,
  limit: string,
  account = 'b1',
  version = auction.version,
) =>
  ({ type: 'TakePortfolio', auction: auction.id, account, share, limit, version }) satisfies CommandOf<'TakePortfolio'>;
