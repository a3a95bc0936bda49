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
import { Node } from '../reading/node';
import { versionsBy } from '../reading/page';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, Span, Whole } from '../schema/fields';
import { LadderMethod } from './ladderMethod';

@Reached()
@ObjectType({ description: 'The terms for liquidators. Amounts hold for a whole order, and in proportion for a part of ' + 'it.' })
export class OfferTerms {
  @Amount('The fixed reward.')
  flat!: string;

  @Rate('The initial reward as a share of the notional closed.')
  startRate!: string;

  @Rate('The increase of that share for each second since the offer, after the grace time.')
  ratePerSecond!: string;

  @Rate('The highest share.')
  maximumRate!: string;

  @Span('The grace time: how long the share stays at its start.')
  grace!: number;

  @Amount('The expense of the work. The reward is never less than the expense with a profit.')
  expense!: string;

  @Amount('The least profit over the expense.')
  minimumProfit!: string;

  @Rate('The profit as a share of the expense. The higher of the two profits counts.')
  profitRate!: string;

  @Amount('The highest reward.', OPTIONAL)
  rewardCap!: string | null;

  @Span('How long a claim keeps others out.')
  claimWindow!: number;

  @Amount('The penalty taken from the deposit when a claim expires.')
  claimPenalty!: string;

  @Amount('The least deposit of a liquidator who claims.')
  minimumDeposit!: string;
}

@Reached()
@ObjectType({ description: 'One rung of a disposal ladder: a method with its limits.' })
export class LadderRung {
  @Of(() => LadderMethod, 'The method.')
  method!: string;

  @Span('How long an order stays on the rung. Null means what the margin policy says, or no time.', OPTIONAL)
  window!: number | null;

  @Amount('The most notional on this rung at once in one instrument, in the currency.', OPTIONAL)
  marketCap!: string | null;

  @Amount('The most notional on this rung at once in all instruments of the currency.', OPTIONAL)
  globalCap!: string | null;

  @Rate('The largest order, as a share of the depth that its venue reports.', OPTIONAL)
  maximumShareOfDepth!: string | null;

  @Rate('No worse than the mark by this share. Null means down to the closing limit.', OPTIONAL)
  slippage!: string | null;

  @Of(() => OfferTerms, 'The terms for liquidators.', OPTIONAL)
  offer!: OfferTerms | null;

  @Rate('How fast the slippage is reached as equity falls below maintenance margin. Null allows all ' + 'of it at once.', OPTIONAL)
  urgency!: string | null;
}

@Reached()
@ObjectType({ description: 'A version of a disposal ladder.', implements: Node })
export class DisposalLadder {
  @Id('`currency/USD`, or `instrument/BTC-PERP`: the same of all its versions.')
  ladderId!: string;

  @Whole('The version: 1, 2, 3 in the order they were set. The highest is in force.')
  version!: number;

  @Id('The settlement currency.')
  currency!: string;

  @Id('The instrument. Null means every instrument of the currency without a ladder of its own.', OPTIONAL)
  instrument!: string | null;

  @SeqNo('Journal entry that set it.')
  setSeq!: bigint;

  @Of(() => [LadderRung], 'The rungs in the order they are tried. The last takes everything.')
  rungs!: LadderRung[];
}

export const offerTermsOf = (json: unknown, scale: number): OfferTerms => written(OFFER_TERMS, json, scale);

export function disposalLadderOf({ id, version, currency, instrumentId, setSeq, terms }: Row, directory: Directory): DisposalLadder {
  const { rungs } = written(DISPOSAL_LADDER, terms, directory.scaleOf(currency));
  const shown = rungs.map(({ urgency = null, ...rung }) => ({ ...rung, urgency }));
  return { ladderId: id, version, currency, instrument: instrumentId, setSeq, rungs: shown };
}

export const DisposalLadderQueries = resolversOf(
  list({
    name: 'disposalLadders',
    key: { id: ({ ladderId }) => ladderId, version: ({ version }) => version },
    description: 'Every version of the disposal ladders. Without one a venue fills orders, and the house ' + 'takes over what is left.',
    of: connectionOf('DisposalLadder', DisposalLadder, 'disposal ladders'),
    access: ROLES,
    table: 'DisposalLadder',
    order: versionsBy('id'),
    filters: { currency: byId('Only versions for this currency.'), instrument: byId('Only runs of this instrument.', 'instrumentId') },
    node: (row, { services }) => disposalLadderOf(row, services.directory),
  }),
);

@PayloadType('The result of setting a disposal ladder.')
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
