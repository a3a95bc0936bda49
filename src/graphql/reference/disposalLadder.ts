/** Disposal ladders, every version: by whom positions of liquidated accounts are closed, in which order, within which limits.  Rules: LE-4, LI-2, X-6 */

import { Ctx, ObjectType } from 'type-graphql';
import { written } from '../../core/kind/write';
import { DISPOSAL_LADDER, OFFER_TERMS } from '../../core/model/ladder';
import type { DisposalLadder as Row } from '../../store/generated/client';
import { Reached, ROLES } from '../access/policy';
import type { Directory } from '../live/directory';
import { eventIn, Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { byId, list, resolversOf } from '../reading/list';
import { versionsBy } from '../reading/page';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, Span, Whole } from '../schema/fields';
import { LadderMethod } from './ladderMethod';

@Reached()
@ObjectType({ description: 'What liquidators are offered. Amounts hold for a whole order; a part has its part of them.' })
export class OfferTerms {
  @Amount('Paid whatever is closed.')
  flat!: string;

  @Rate('Share of the notional closed, at first.')
  startRate!: string;

  @Rate('Added for every second since the offer, once the grace has passed.')
  ratePerSecond!: string;

  @Rate('The share grows no further than this.')
  maximumRate!: string;

  @Span('The share stays where it starts for so long.')
  grace!: number;

  @Amount('What the work costs: never less than it, with a profit, is paid.')
  expense!: string;

  @Amount('Least profit over the expense.')
  minimumProfit!: string;

  @Rate('Profit as a share of the expense; the higher of the two counts.')
  profitRate!: string;

  @Amount('Never more than this.', OPTIONAL)
  rewardCap!: string | null;

  @Span('How long a claim keeps others out.')
  claimWindow!: number;

  @Amount('Taken from the deposit where a claim expires.')
  claimPenalty!: string;

  @Amount('Nobody claims with a smaller deposit.')
  minimumDeposit!: string;
}

@Reached()
@ObjectType({ description: 'One method of a ladder with its limits.' })
export class LadderRung {
  @Of(() => LadderMethod, 'The method.')
  method!: string;

  @Span('How long an order stands on it; null: as the margin policy says, or at once.', OPTIONAL)
  window!: number | null;

  @Amount('Notional at once on this method in one instrument, in the currency.', OPTIONAL)
  marketCap!: string | null;

  @Amount('The same in all instruments of the currency.', OPTIONAL)
  globalCap!: string | null;

  @Rate('No order is larger than this share of the depth its venue states.', OPTIONAL)
  maximumShareOfDepth!: string | null;

  @Rate('No worse than the mark by this share; null: down to the closing limit.', OPTIONAL)
  slippage!: string | null;

  @Of(() => OfferTerms, 'What liquidators are offered.', OPTIONAL)
  offer!: OfferTerms | null;

  @Rate('How fast the slippage is reached as equity falls below maintenance margin; null: allowed at once.', OPTIONAL)
  urgency!: string | null;
}

@Reached()
@ObjectType({ description: 'A version of a disposal ladder.' })
export class DisposalLadder {
  @Id('`currency/USD`, or `instrument/BTC-PERP`.')
  id!: string;

  @Whole('1, 2, 3 in the order they were set; the highest is in force.')
  version!: number;

  @Id('The settlement currency.')
  currency!: string;

  @Id('The instrument; null: every one of the currency without a ladder of its own.', OPTIONAL)
  instrument!: string | null;

  @SeqNo('Journal entry that set it.')
  setSeq!: bigint;

  @Of(() => [LadderRung], 'In the order in which they are tried; the last takes everything.')
  rungs!: LadderRung[];
}

export const offerTermsOf = (json: unknown, scale: number): OfferTerms => written(OFFER_TERMS, json, scale);

export function disposalLadderOf({ id, version, currency, instrumentId, setSeq, terms }: Row, directory: Directory): DisposalLadder {
  const { rungs } = written(DISPOSAL_LADDER, terms, directory.scaleOf(currency));
  const shown = rungs.map(({ urgency = null, ...rung }) => ({ ...rung, urgency }));
  return { id, version, currency, instrument: instrumentId, setSeq, rungs: shown };
}

export const DisposalLadderQueries = resolversOf(
  list({
    name: 'disposalLadders',
    description: 'Disposal ladders, every version. Where there is none a venue fills orders, and the house takes over what is left.',
    of: connectionOf('DisposalLadder', DisposalLadder, 'disposal ladders'),
    access: ROLES,
    table: 'DisposalLadder',
    order: versionsBy('id'),
    filters: { currency: byId('Of this currency only.'), instrument: byId('Of this instrument only.', 'instrumentId') },
    node: (row, { services }) => disposalLadderOf(row, services.directory),
  }),
);

@PayloadType('What came of setting a disposal ladder.')
export class DisposalLadderPayload extends Payload {
  @Of(() => DisposalLadder, 'The version that was set.', OPTIONAL)
  async ladder(@Ctx() context: Context): Promise<DisposalLadder | null> {
    const set = eventIn(this.made, 'DisposalLadderSet');
    if (!set) return null;
    const { id, version } = set.terms;
    const row = await (await context.read()).db.disposalLadder.findUnique({ where: { id_version: { id, version } } });
    return row && disposalLadderOf(row, context.services.directory);
  }
}

export const DisposalLadderMutations = mutations({
  SetDisposalLadder: DisposalLadderPayload,
});
