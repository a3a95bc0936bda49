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
import { enumOf } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, Span, When, Whole } from '../../schema/fields';

const readLive = readerOf(PORTFOLIO_AUCTION);

export const PortfolioMode = enumOf<Mode>('PortfolioMode', 'What is offered to who takes a share of a portfolio.', {
  SOLVENT: 'The portfolio is worth something, and is sold at a discount from its value.',
  INSOLVENT:
    'It is worth less than nothing, and who takes it is paid a rising premium: by other accounts of its owner where the loss policy has OWNER_COLLATERAL, then by the insurance fund.',
});

export const PortfolioAuctionStatus = enumOf<PortfolioStatus | PortfolioOutcome>(
  'PortfolioAuctionStatus',
  'How an auction of a portfolio stands.',
  {
    OPEN: 'Shares can be taken.',
    PAUSED: 'A price it needs is not alive: its clock stands.',
    RESTORED: 'The account is at its target again.',
    TAKEN: 'All of it was taken.',
    TIME_UP: 'What was left went on down the ladder, or to the house.',
    INSOLVENT: 'The portfolio is not worth anything any more.',
    RECOVERED: 'The portfolio is worth something again.',
  },
);

@Reached()
@ObjectType({ description: 'An auction of all positions of one account together, by shares. Amounts are in the currency of the account.' })
export class PortfolioAuction {
  @Id('The auction.')
  id!: string;

  @Id('Account whose positions are sold; null where the caller may not see it.', OPTIONAL)
  accountId!: string | null;

  @Id('Liquidation it belongs to; null where the caller may not see it.', OPTIONAL)
  liquidationId!: string | null;

  @Id('Currency of the account, and of who takes.')
  currency!: string;

  @Of(() => PortfolioMode, 'What is offered.')
  mode!: string;

  @Of(() => PortfolioAuctionStatus, 'How it stands.')
  status!: string;

  @Rate('Share of the portfolio it began with that is gone.')
  sold!: string;

  @Whole('Takes so far.')
  takeCount!: number;

  @Amount('Price of what was sold; below zero where the fund paid for it to be taken.')
  proceeds!: string;

  @Amount('Value of what was sold, at the marks when it was.')
  fairValue!: string;

  @Rate('Recovery rate: proceeds over fair value, of a portfolio worth something; null before anything is sold.', OPTIONAL)
  recovery!: string | null;

  @Amount('Premiums the insurance fund paid.')
  fundPaid!: string;

  @Whole('Raised by every change: a take names the version it saw.')
  version!: number;

  @Whole('Version of the policy it runs by.')
  policyVersion!: number;

  @When('When it started; as much later as it was paused.')
  startedAt!: Date;

  @When('When its time is up.')
  deadline!: Date;

  @Span('What is left of its time, while it is paused.', OPTIONAL)
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

  @When('When.')
  at!: Date;

  @Id('The auction.')
  auctionId!: string;

  @Id('Who took; null where the caller may not see it.', OPTIONAL)
  takerId!: string | null;

  @Rate('Share of what was left.')
  share!: string;

  @Amount('Value of the whole portfolio before the take.')
  value!: string;

  @Amount('Price asked for the whole portfolio.')
  price!: string;

  @Amount('Paid to the taker beside the marks, for its share.')
  premium!: string;
}

@Reached()
@ObjectType({ description: 'A position that changes hands with a share of a portfolio.' })
export class PortfolioPosition {
  @Id('The instrument.')
  instrumentId!: string;

  @Amount('Contracts, as who takes them would hold them: long above zero.')
  size!: string;
}

@Reached()
@ObjectType({ description: 'What is offered at an instant, at the marks as they are.' })
export class PortfolioQuote {
  @Amount('Value of the whole portfolio, its cash included: below zero it is worth less than nothing.')
  value!: string;

  @Amount('Asked for the whole portfolio; below zero that much is paid to who takes it.')
  price!: string;

  @Rate('Share that is for sale: the least that restores the account.')
  share!: string;

  @Amount(
    'Paid to who takes that share, beside the positions at the mark: by the account, or by the insurance fund as far as it has anything; what other accounts of the owner may add is not told.',
  )
  premium!: string;

  @Of(() => [PortfolioPosition], 'Positions that change hands with it.')
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
    recovery: row.mode === 'SOLVENT' && row.fairValue.gt(0) ? shortest(row.proceeds.div(row.fairValue).toDecimalPlaces(12, 1)) : null,
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
