/**
 * Where the figures of an account come from, line by line: the lines sum to the figure, to the last digit.  Rule: RMR-3
 */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { type Explanation as Explained, explainAccount } from '../../core/margin/explain';
import { marginText } from '../../core/margin/health';
import type { Line } from '../../core/margin/model/model';
import { indexIdOf } from '../../core/reference/indices';
import { known } from '../../units/failure';
import { type Margin, type Price, price } from '../../units/quantity';
import { Reached } from '../access/policy';
import type { Context, Services } from '../reading/context';
import { Account } from '../reference/account';
import { enumOf } from '../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, Share, Text, Whole } from '../schema/fields';

export const LineKind = enumOf<Line['kind']>('ExplanationLineKind', 'The kind of a line.', {
  CASH: 'Cash in the currency of the account.',
  UNREALISED: 'Unrealised gain of a position.',
  COLLATERAL: 'Value of another currency after haircut, or of the part of it in one bracket.',
  TRANCHE: "The part of a position's notional in one tier, at the rate of that tier.",
  CONTRACT_FLOOR: 'The margin that is stated for a contract, as far as it is above the tiers.',
  CHOSEN_LEVERAGE: 'The margin that the chosen leverage requires above the tiers.',
  HELD_GAIN: 'What was gained in an instrument beyond its stable price within the window.',
  LOST_SINCE: 'What of that was lost since, and counts already. Below zero.',
  LOSS_NOT_OFFSET: 'Losses that gains offset at the mark, and would not at the stable price.',
});

@Reached()
@ObjectType({ description: 'One part of a figure. Its kind decides which fields are set.' })
export class ExplanationLine {
  @Of(() => LineKind, 'The kind of the line.')
  kind!: string;

  @Text('The instrument, or the currency.')
  subject!: string;

  @Whole('For a tranche: the tier. For collateral with several haircuts: the bracket. 1 is the lowest.', OPTIONAL)
  tier!: number | null;

  @Amount('For a tranche: the notional of the beneficial owner in that tier.', OPTIONAL)
  base!: string | null;

  @Share('The rate of a tranche, or the haircut of collateral.', OPTIONAL)
  rate!: string | null;

  @Share("For a tranche: the part of the owner's exposure that is this account's.", OPTIONAL)
  share!: string | null;

  @Amount('The price that was used.', OPTIONAL)
  price!: string | null;

  @SeqNo('The journal entry that set the price. It is the id of the price.', OPTIONAL)
  priceSeq!: number | null;

  @Rate('The amount of the line, exact to 12 digits past the smallest unit of the currency.')
  amount!: string;
}

@Reached()
@ObjectType({
  description:
    'Equity and requirements of an account, with the lines that sum to them. Amounts are exact, in its currency.',
})
export class Explanation {
  @SeqNo('Journal entry it is as of.')
  seq!: number;

  @Id('Currency of the amounts.')
  currency!: string;

  @Rate('Equity.')
  equity!: string;

  @Of(() => [ExplanationLine], 'The lines of equity.')
  equityLines!: ExplanationLine[];

  @Rate('Initial margin.')
  initial!: string;

  @Of(() => [ExplanationLine], 'The lines of initial margin.')
  initialLines!: ExplanationLine[];

  @Rate('Maintenance margin.')
  maintenance!: string;

  @Of(() => [ExplanationLine], 'The lines of maintenance margin.')
  maintenanceLines!: ExplanationLine[];

  @Rate(
    'What new risk and withdrawals have to leave covered: initial margin, or more where rates rise with open interest.',
  )
  opening!: string;

  @Of(() => [ExplanationLine], 'What that is made of.')
  openingLines!: ExplanationLine[];

  @Rate('By how much less may leave because gains count at the worse of what was settled and the stable price.')
  heldBack!: string;

  @Of(() => [ExplanationLine], 'What that is made of.')
  heldBackLines!: ExplanationLine[];
}

type Shown = Pick<Services, 'amounts' | 'directory'>;

function explanationShown(
  explained: Explained,
  seq: number,
  currency: string,
  { amounts, directory }: Shown,
): Explanation {
  const exact = (amount: Margin): string => marginText(amount, directory.scaleOf(currency));
  const priceText = (kind: Line['kind'], subject: string, ticks: Price): string =>
    kind === 'COLLATERAL' ? amounts.indexTicks(ticks, indexIdOf(subject, currency)) : amounts.ticks(ticks, subject);
  const line = ({ kind, subject, tier, base, rate, share, input, amount }: Line): ExplanationLine => {
    const [ticks, priceSeq] = input?.split('@') ?? [];
    return {
      ...{ kind, subject, tier, rate, share },
      base: base === null ? null : amounts.cash(base, currency),
      price: ticks === undefined ? null : priceText(kind, subject, price(BigInt(ticks))),
      priceSeq: priceSeq === undefined ? null : Number(priceSeq),
      amount: exact(amount),
    };
  };
  return {
    ...{ seq, currency },
    equity: exact(explained.equity),
    equityLines: explained.equityLines.map(line),
    initial: exact(explained.initial),
    initialLines: explained.initialLines.map(line),
    maintenance: exact(explained.maintenance),
    maintenanceLines: explained.maintenanceLines.map(line),
    opening: exact(explained.opening),
    openingLines: explained.openingLines.map(line),
    heldBack: exact(explained.heldBack),
    heldBackLines: explained.heldBackLines.map(line),
  };
}

@Resolver(() => Account)
export class AccountExplainField {
  @FieldResolver(() => Explanation, { complexity: 30, description: 'The lines of its equity and its requirements.' })
  async explain(@Root() { id, currency }: Account, @Ctx() context: Context): Promise<Explanation> {
    const reading = await context.read();
    const view = known(await reading.viewOf(id), 'Account', id);
    return explanationShown(explainAccount(view, id), reading.seq, currency, context.services);
  }
}
