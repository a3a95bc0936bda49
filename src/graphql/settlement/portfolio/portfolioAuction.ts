/** Auctions of whole portfolios as bidders and those concerned see them.  Rule: CA-5 */

import { ObjectType } from 'type-graphql';
import { readerOf } from '../../../core/kind/json';
import {
  type PortfolioAuction as LiveAuction,
  type PortfolioMode as Mode,
  PORTFOLIO_AUCTION,
  type PortfolioOutcome,
  type PortfolioStatus,
} from '../../../core/model/portfolio';
import type { PortfolioAuction as Row, PortfolioTake as TakeRow } from '../../../store/generated/client';
import { Reached } from '../../access/policy';
import { shownAccount } from '../../position/trade';
import { type Numeric, shortest } from '../../reading/amounts';
import type { Context } from '../../reading/context';
import { Ref } from '../../reading/link';
import { Node } from '../../reading/node';
import { enumOf } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, Span, When, Whole } from '../../schema/fields';

const readLive = readerOf(PORTFOLIO_AUCTION);

export const PortfolioMode = enumOf<Mode>('PortfolioMode', 'What a taker of a share of a portfolio is offered.', {
  SOLVENT: 'The portfolio is worth something, and is sold at a discount from its value.',
  INSOLVENT:
    'The portfolio is worth less than nothing, and a taker is paid a rising premium. Other ' +
    'accounts of its owner pay it first if the loss policy has OWNER_COLLATERAL. The insurance ' +
    'fund pays the rest.',
});

export const PortfolioAuctionStatus = enumOf<PortfolioStatus | PortfolioOutcome>(
  'PortfolioAuctionStatus',
  'The status of a portfolio auction.',
  {
    OPEN: 'Shares can be taken.',
    PAUSED: 'A position in it is halted or has a stale price, so its clock is stopped.',
    RESTORED: 'The account is back at its target.',
    TAKEN: 'All of it was taken.',
    TIME_UP: 'What was left went on down the ladder, or to the house.',
    INSOLVENT: 'The portfolio is not worth anything any more.',
    RECOVERED: 'The portfolio is worth something again.',
  },
);

@Reached()
@ObjectType({
  description:
    'An auction of all positions of one account together, by shares. Amounts are in the currency of the account.',
  implements: Node,
})
export class PortfolioAuction {
  @Id('The auction.')
  id!: string;

  @Ref('Account', 'The account whose positions are sold. Null if the caller may not see it.', OPTIONAL)
  accountId!: string | null;

  @Ref('Liquidation', 'The liquidation that it belongs to. Null if the caller may not see it.', OPTIONAL)
  liquidationId!: string | null;

  @Id('The currency of the account and of the takers.')
  currency!: string;

  @Of(() => PortfolioMode, 'The lots that are offered.')
  mode!: string;

  @Of(() => PortfolioAuctionStatus, 'The status.')
  status!: string;

  @Rate('The share of the initial portfolio that was taken.')
  sold!: string;

  @Whole('Number of takes so far.')
  takeCount!: number;

  @Amount('The price of what was sold. Below zero the fund paid for it to be taken.')
  proceeds!: string;

  @Amount('The value of what was sold, at the marks of the time.')
  fairValue!: string;

  @Rate(
    'The recovery rate of a portfolio that is worth something: proceeds over fair value. Null ' +
      'before anything is sold.',
    OPTIONAL,
  )
  recovery!: string | null;

  @Amount('The sum of the premiums that the insurance fund paid.')
  fundPaid!: string;

  @Whole('The version of the auction. Every change raises it, and a take names the version it saw.')
  version!: number;

  @Whole('The version of the policy that it follows.')
  policyVersion!: number;

  @When('When it started. A pause moves it later by as much.')
  startedAt!: Date;

  @When('When its time is up.')
  deadline!: Date;

  @Span('The rest of its time, while it is paused.', OPTIONAL)
  timeLeft!: number | null;

  @SeqNo('Journal entry that made it.')
  openedSeq!: bigint;

  @When('When it ended.', OPTIONAL)
  endedAt!: Date | null;

  /** Not shown: the auction as the core knows it, while it has not ended. */
  live!: LiveAuction | null;
}

@Reached()
@ObjectType({ description: 'A share of a portfolio that was taken.' })
export class PortfolioTake {
  @SeqNo('Journal entry of the take.')
  seq!: bigint;

  @When('House time at which it happened.')
  at!: Date;

  @Ref('PortfolioAuction', 'The auction.')
  auctionId!: string;

  @Ref('Account', 'The account that took it. Null if the caller may not see it.', OPTIONAL)
  takerId!: string | null;

  @Rate('The share of what was left.')
  share!: string;

  @Amount('The value of the whole portfolio before the take.')
  value!: string;

  @Amount('The price asked for the whole portfolio.')
  price!: string;

  @Amount('The amount paid to the taker for its share, beside the marks.')
  premium!: string;
}

@Reached()
@ObjectType({ description: 'A position that changes hands with a share of a portfolio.' })
export class PortfolioPosition {
  @Ref('Instrument', 'The instrument.')
  instrumentId!: string;

  @Amount('Contracts as the taker would hold them, signed: above zero is long.')
  size!: string;
}

@Reached()
@ObjectType({ description: 'What is offered at an instant, at the present marks.' })
export class PortfolioQuote {
  @Amount('The value of the whole portfolio with its cash. Below zero it is worth less than nothing.')
  value!: string;

  @Amount('The price asked for the whole portfolio. Below zero the taker is paid.')
  price!: string;

  @Rate('The share that is for sale: the smallest that restores the account.')
  share!: string;

  @Amount(
    'The amount paid to the taker of that share, beside the positions at the mark. The account ' +
      'pays it, or the insurance fund up to what it has. What other accounts of the owner may add ' +
      'is not shown.',
  )
  premium!: string;

  @Of(() => [PortfolioPosition], 'The positions that change hands with it.')
  positions!: PortfolioPosition[];
}

export function portfolioAuctionOf(row: Row, context: Context): PortfolioAuction {
  const money = (value: Numeric): string => context.services.amounts.money(value, row.currency);
  const accountId = shownAccount(context, row.accountId);
  return {
    ...row,
    accountId,
    liquidationId: accountId === null ? null : row.liquidationId,
    sold: shortest(row.sold),
    takeCount: row.takes,
    proceeds: money(row.proceeds),
    fairValue: money(row.fairValue),
    recovery:
      row.mode === 'SOLVENT' && row.fairValue.gt(0)
        ? shortest(row.proceeds.div(row.fairValue).toDecimalPlaces(12, 1))
        : null,
    fundPaid: money(row.fund),
    timeLeft: row.pausedFor === null ? null : Number(row.pausedFor),
    // The copy is decoded in place: the row is nobody else's.
    live: row.live === null ? null : readLive(structuredClone(row.live)),
  };
}

export const portfolioTakeOf = (row: TakeRow, { currency }: PortfolioAuction, context: Context): PortfolioTake => {
  const money = (value: Numeric): string => context.services.amounts.money(value, currency);
  const { seq, at, auctionId, takerId, share } = row;
  return {
    ...{ seq, at, auctionId, takerId: shownAccount(context, takerId), share: shortest(share) },
    ...{ value: money(row.value), price: money(row.price), premium: money(row.premium) },
  };
};
