/**
 * Queries and mutations of auctions of whole portfolios: the policy, what is offered now, and takes.  Rules: CA-5, X-6
 */

import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { written } from '../../../core/kind/write';
import { standingOfAccount } from '../../../core/margin/standing';
import { PORTFOLIO_COMMANDS } from '../../../core/message/portfolioCommands';
import { PORTFOLIO_POLICY } from '../../../core/model/portfolio';
import { lotsFor, premiumFor, priceOf, shareForSale, worthOf } from '../../../core/settlement/portfolio/terms';
import type { PortfolioPolicy as PolicyRow } from '../../../store/generated/client';
import { formatShortest, toScaled } from '../../../units/decimal';
import { type Cash, cash, instant, least, negate } from '../../../units/quantity';
import { ROLES } from '../../access/policy';
import type { Directory } from '../../live/directory';
import { Made } from '../../mutation/made';
import { eventIn, Payload, PayloadType } from '../../mutation/payload';
import { mutations } from '../../mutation/table';
import { TermsType, versionsOf } from '../../mutation/terms';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { byId, byOneOf, list, listField, one, resolversOf } from '../../reading/list';
import { IN_ORDER, versionsBy } from '../../reading/page';
import type { Reading } from '../../reading/reading';
import { DateTime } from '../../scalar/time';
import { MayTake, Of, OPTIONAL } from '../../schema/fields';
import { AUCTION_READERS, byShownAccount, LAST_OPENED_FIRST } from '../auction/auctions';
import {
  PortfolioAuction,
  PortfolioAuctionStatus,
  PortfolioQuote,
  PortfolioTake,
  portfolioAuctionOf,
  portfolioTakeOf,
} from './portfolioAuction';

@TermsType('A version of the policy for portfolio auctions.')
export class PortfolioPolicy extends versionsOf(PORTFOLIO_COMMANDS.SetPortfolioPolicy.fields) {}

function portfolioPolicyOf(
  { currency, version, setSeq, terms: json }: PolicyRow,
  directory: Directory,
): PortfolioPolicy {
  const { curve, reserveShare, window, insolventWindow } = written(PORTFOLIO_POLICY, json, directory.scaleOf(currency));
  const { start, cutoff, fast, slow } = curve;
  return { currency, version, setSeq, start, cutoff, fast, slow, reserveShare, window, insolventWindow };
}

export async function readPortfolioAuction(context: Context, id: string): Promise<PortfolioAuction | null> {
  const row = await (await context.read()).db.portfolioAuction.findUnique({ where: { id } });
  return row && portfolioAuctionOf(row, context);
}

resolversOf(
  one({
    name: 'portfolioAuction',
    key: ({ id }) => id,
    description: 'An auction of a portfolio. Null if it does not exist.',
    of: PortfolioAuction,
    id: 'The auction.',
    access: AUCTION_READERS,
    read: readPortfolioAuction,
  }),
  list({
    name: 'portfolioAuctions',
    description: 'Auctions of portfolios, the newest first.',
    of: connectionOf('PortfolioAuction', PortfolioAuction, 'auctions'),
    access: AUCTION_READERS,
    table: 'PortfolioAuction',
    order: LAST_OPENED_FIRST,
    filters: {
      status: byOneOf(PortfolioAuctionStatus, 'Only calls with one of these statuses.'),
      account: byShownAccount('Only auctions of this account, if the caller may see it.'),
      currency: byId('Only auctions of accounts in this currency.'),
    },
    node: portfolioAuctionOf,
  }),
  list({
    name: 'portfolioPolicies',
    key: { currency: ({ currency }) => currency, version: ({ version }) => version },
    description: 'Every version of the policies for portfolio auctions, by currency.',
    of: connectionOf('PortfolioPolicy', PortfolioPolicy, 'policies of auctions of portfolios'),
    access: ROLES,
    table: 'PortfolioPolicy',
    order: versionsBy('currency'),
    filters: { currency: byId('Only versions for this currency.') },
    node: (row, { services }) => portfolioPolicyOf(row, services.directory),
  }),
);

/** The fund pays no more than it has. */
async function paidByFund(
  { db }: Reading,
  due: Cash,
  currency: string,
  { amounts, directory }: Context['services'],
): Promise<string> {
  const fund = await db.insuranceFund.findUnique({ where: { currency } });
  const held = cash(toScaled(fund?.balance.toFixed() ?? '0', directory.scaleOf(currency)) ?? 0n);
  return amounts.cash(least(due, held), currency);
}

@Resolver(() => PortfolioAuction)
@listField({
  name: 'takes',
  description: 'The takes, in order.',
  of: connectionOf('PortfolioTake', PortfolioTake, 'takes'),
  table: 'PortfolioTake',
  order: IN_ORDER,
  within: ({ id }: PortfolioAuction) => ({ auctionId: id }),
  node: (row, context, auction) => portfolioTakeOf(row, auction, context),
})
export class PortfolioAuctionFields {
  @FieldResolver(() => PortfolioQuote, {
    nullable: true,
    complexity: 20,
    description: 'What is offered, at the present marks. Null once it has ended and while it is paused.',
  })
  async quote(
    @Root() { live, status, currency }: PortfolioAuction,
    @MayTake('time', () => DateTime, 'The instant, if nothing changes before. That of this answer if left out.') time:
      | number
      | null,
    @Ctx() context: Context,
  ): Promise<PortfolioQuote | null> {
    if (live === null || status !== 'OPEN') return null;
    const reading = await context.read();
    const view = await reading.viewOf(live.account);
    if (!view) return null;
    const { amounts } = context.services;
    const standing = standingOfAccount(view, live.account);
    const at = time === null ? reading.at : instant(time);
    const worth = worthOf(standing, live);
    const price = priceOf(live, worth, at);
    const share = shareForSale(view, live, at);
    const due = premiumFor(share, worth.value, price);
    return {
      value: amounts.cash(cash(worth.value), currency),
      price: amounts.cash(price, currency),
      share: formatShortest(share, 18),
      premium:
        live.mode === 'SOLVENT'
          ? amounts.cash(due, currency)
          : await paidByFund(reading, due, currency, context.services),
      positions: standing.picture.holdings
        .map((holding) => ({ holding, lots: lotsFor(holding, share) }))
        .filter(({ lots }) => lots !== 0n)
        .map(({ holding: { instrument, position }, lots }) => ({
          instrumentId: instrument.id,
          size: amounts.lots(position.size > 0n ? lots : negate(lots), instrument.id),
        })),
    };
  }
}

@PayloadType('The result of taking a share of a portfolio.')
export class PortfolioTakePayload extends Payload {
  @Of(() => PortfolioAuction, 'The auction after the command.', OPTIONAL)
  auction(@Ctx() context: Context): Promise<PortfolioAuction | null> | null {
    return 'auction' in this.command ? readPortfolioAuction(context, this.command.auction) : null;
  }

  @Of(() => PortfolioTake, 'What was taken. Null if nothing was.', OPTIONAL)
  async take(@Ctx() context: Context): Promise<PortfolioTake | null> {
    const taken = eventIn(this.made, 'PortfolioTaken');
    const auction = taken ? await readPortfolioAuction(context, taken.auction) : null;
    if (!taken || !auction) return null;
    const { db } = await context.read();
    const row = await db.portfolioTake.findFirst({ where: { auctionId: auction.id, seq: BigInt(this.seq) } });
    return row && portfolioTakeOf(row, auction, context);
  }
}

@PayloadType('The result of setting the policy for portfolio auctions.')
export class PortfolioPolicyPayload extends Payload {
  @Made('PortfolioPolicy', 'The version that was set.', 'PortfolioPolicySet', ({ terms }) => [
    terms.currency,
    terms.version,
  ])
  policy!: PortfolioPolicy | null;
}

mutations({
  SetPortfolioPolicy: PortfolioPolicyPayload,
  TakePortfolio: PortfolioTakePayload,
});
