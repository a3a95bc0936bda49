/** How positions are deleveraged, and what there may be of an instrument: policies and limits, every version.  Rules: SL-5, S07, S11, X-6 */

import { ObjectType } from 'type-graphql';
import { written } from '../../core/kind/write';
import {
  DELEVERAGING_BOUND,
  DELEVERAGING_POLICY,
  DELEVERAGING_POLICY_METHOD,
  DELEVERAGING_SCORE,
  type DeleveragingMethod as Method,
  PROFIT_BASIS,
} from '../../core/model/deleveraging';
import type { MarketLimits as LimitsRow, DeleveragingPolicy as PolicyRow } from '../../store/generated/client';
import { Reached, ROLES } from '../access/policy';
import type { Directory } from '../live/directory';
import { shortest } from '../reading/amounts';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { byId, list, resolversOf } from '../reading/list';
import { versionsBy } from '../reading/page';
import { enumOf, shownAs } from '../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, Share, Whole } from '../schema/fields';

type PolicyMethod = Exclude<Method, 'OPEN_INTEREST'>;

const POLICY_METHODS: Readonly<Record<PolicyMethod, string>> = {
  QUEUE: 'Down the rank: each holder whole, as far as its bound allows, before the next is touched.',
  PRO_RATA: 'By profit: what is missing is shared over everybody who has one, in proportion.',
  LEVERAGE_WEIGHTED: 'By profit times effective leverage, in proportion.',
};

export const DeleveragingPolicyMethod = shownAs(DELEVERAGING_POLICY_METHOD);

export const DeleveragingMethod = enumOf<Method>('DeleveragingMethod', 'Against whom positions were closed.', {
  ...POLICY_METHODS,
  OPEN_INTEREST: 'By what each held, in proportion: a tear-up.',
});

export const DeleveragingScore = shownAs(DELEVERAGING_SCORE);

export const DeleveragingBound = shownAs(DELEVERAGING_BOUND);

export const ProfitBasis = shownAs(PROFIT_BASIS);

@Reached()
@ObjectType({ description: 'The loss that inventory of one instrument may come to within a loss period before it is deleveraged.' })
export class InventoryCap {
  @Amount('At most this, in the settlement currency.', OPTIONAL)
  amount!: string | null;

  @Rate('At most this share of the insurance fund.', OPTIONAL)
  fundShare!: string | null;

  @Share('Once the cap was reached inventory is not kept again before its loss is at this share of the cap.')
  stop!: string;
}

@Reached()
@ObjectType({ description: 'A version of the policy by which positions are deleveraged.' })
export class DeleveragingPolicy {
  @Id('The settlement currency.')
  currency!: string;

  @Id('The instrument; null: of every one of the currency without a policy of its own.', OPTIONAL)
  instrument!: string | null;

  @Whole('1, 2, 3 in the order they were set; the highest is in force.')
  version!: number;

  @SeqNo('Journal entry that set it.')
  setSeq!: bigint;

  @Of(() => DeleveragingPolicyMethod, 'Against whom.')
  method!: string;

  @Of(() => DeleveragingScore, 'By which formula holders are ranked.')
  score!: string;

  @Of(() => DeleveragingBound, 'The most a holder can be asked.')
  bound!: string;

  @Of(() => ProfitBasis, 'What counts as profit.')
  basis!: string;

  @Of(() => InventoryCap, 'The loss that inventory of the instrument may come to; null: what the layers bear.', OPTIONAL)
  inventoryCap!: InventoryCap | null;
}

@Reached()
@ObjectType({ description: 'A version of what there may be of an instrument against the free float of its underlying.' })
export class MarketLimits {
  @Id('The instrument.')
  instrument!: string;

  @Whole('1, 2, 3 in the order they were set; the highest is in force.')
  version!: number;

  @SeqNo('Journal entry that set it.')
  setSeq!: bigint;

  @Amount('Contracts that the free float amounts to; at the mark they are its market value.')
  float!: string;

  @Rate('Open interest is not raised above this share of it.', OPTIONAL)
  openInterestShare!: string | null;

  @Rate('The positions of one owner are not raised above this share of it.', OPTIONAL)
  positionShare!: string | null;

  @Amount('Contracts open on one side: now, of the version in force; else when the next was set.')
  openInterest!: string;
}

export function deleveragingPolicyOf(
  { currency, version, instrumentId, setSeq, terms: json }: PolicyRow,
  directory: Directory,
): DeleveragingPolicy {
  return { ...written(DELEVERAGING_POLICY, json, directory.scaleOf(currency)), currency, version, setSeq, instrument: instrumentId };
}

export function marketLimitsOf(row: LimitsRow, { services }: Context): MarketLimits {
  const { amounts } = services;
  const { instrumentId: instrument, version, setSeq, openInterestShare, positionShare } = row;
  return {
    ...{ instrument, version, setSeq },
    float: amounts.size(row.float, instrument),
    openInterestShare: openInterestShare && shortest(openInterestShare),
    positionShare: positionShare && shortest(positionShare),
    openInterest: amounts.size(row.openInterest, instrument),
  };
}

export const DeleveragingPolicyQueries = resolversOf(
  list({
    name: 'deleveragingPolicies',
    description:
      'Deleveraging policies, every version. Where there is none the standard holds: pro rata to the profit of the loss period, at most that profit.',
    of: connectionOf('DeleveragingPolicy', DeleveragingPolicy, 'deleveraging policies'),
    access: ROLES,
    table: 'DeleveragingPolicy',
    order: versionsBy('id'),
    filters: { currency: byId('Of this currency only.'), instrument: byId('Of this instrument only.', 'instrumentId') },
    node: (row, { services }) => deleveragingPolicyOf(row, services.directory),
  }),
  list({
    name: 'marketLimits',
    description: 'Market limits, every version, by instrument.',
    of: connectionOf('MarketLimits', MarketLimits, 'market limits'),
    access: ROLES,
    table: 'MarketLimits',
    order: versionsBy('instrumentId'),
    filters: { instrument: byId('Of this instrument only.', 'instrumentId') },
    node: marketLimitsOf,
  }),
);
