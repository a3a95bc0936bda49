/**
 * How positions are deleveraged, and what there may be of an instrument: policies and limits, every version.  Rules:
 * SL-5, S07, S11, X-6
 */

import { written } from '../../core/kind/write';
import { DELEVERAGING_COMMANDS, INVENTORY_CAP_INPUT } from '../../core/message/deleveragingCommands';
import {
  DELEVERAGING_BOUND,
  DELEVERAGING_POLICY,
  DELEVERAGING_POLICY_METHOD,
  DELEVERAGING_SCORE,
  type DeleveragingMethod as Method,
  PROFIT_BASIS,
} from '../../core/model/deleveraging';
import { deleveragingKey } from '../../core/reference/deleveragingPolicies';
import type { MarketLimits as LimitsRow, DeleveragingPolicy as PolicyRow } from '../../store/generated/client';
import { ROLES } from '../access/policy';
import type { Directory } from '../live/directory';
import { TermsType, termsOf, versionsOf } from '../mutation/terms';
import { shortest } from '../reading/amounts';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { byId, list, resolversOf } from '../reading/list';
import { versionsBy } from '../reading/page';
import { enumOf, shownAs } from '../schema/enums';
import { Amount } from '../schema/fields';

type PolicyMethod = Exclude<Method, 'OPEN_INTEREST'>;

const POLICY_METHODS: Readonly<Record<PolicyMethod, string>> = {
  QUEUE: 'By rank: each holder gives as much as its bound allows before the next is touched.',
  PRO_RATA: 'By profit: every holder with a profit gives in proportion to it.',
  LEVERAGE_WEIGHTED: 'By profit times effective leverage, in proportion.',
};

export const DeleveragingPolicyMethod = shownAs(DELEVERAGING_POLICY_METHOD);

export const DeleveragingMethod = enumOf<Method>('DeleveragingMethod', 'How holders were chosen.', {
  ...POLICY_METHODS,
  OPEN_INTEREST: 'By the size held, in proportion: a tear-up.',
});

export const DeleveragingScore = shownAs(DELEVERAGING_SCORE);

export const DeleveragingBound = shownAs(DELEVERAGING_BOUND);

export const ProfitBasis = shownAs(PROFIT_BASIS);

@TermsType(
  "The loss that the house's inventory of one instrument may reach within a loss period before " + 'it is deleveraged.',
)
export class InventoryCap extends termsOf(INVENTORY_CAP_INPUT.fields) {}

@TermsType('A version of the deleveraging policy.')
export class DeleveragingPolicy extends versionsOf(DELEVERAGING_COMMANDS.SetDeleveragingPolicy.fields) {}

@TermsType('A version of the limits of an instrument against the free float of its underlying.')
export class MarketLimits extends versionsOf(DELEVERAGING_COMMANDS.SetMarketLimits.fields) {
  @Amount(
    'Contracts that are open on one side. For the version in force: now. For others: when the ' +
      'next version was set.',
  )
  openInterest!: string;
}

export function deleveragingPolicyOf(
  { currency, version, instrumentId, setSeq, terms: json }: PolicyRow,
  directory: Directory,
): DeleveragingPolicy {
  return {
    ...written(DELEVERAGING_POLICY, json, directory.scaleOf(currency)),
    currency,
    version,
    setSeq,
    instrument: instrumentId,
  };
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

resolversOf(
  list({
    name: 'deleveragingPolicies',
    key: { id: ({ currency, instrument }) => deleveragingKey(currency, instrument), version: ({ version }) => version },
    description:
      'Every version of the deleveraging policies. Without one the standard holds: pro rata to the ' +
      'profit of the loss period, at most that profit.',
    of: connectionOf('DeleveragingPolicy', DeleveragingPolicy, 'deleveraging policies'),
    access: ROLES,
    table: 'DeleveragingPolicy',
    order: versionsBy('id'),
    filters: {
      currency: byId('Only versions for this currency.'),
      instrument: byId('Only runs of this instrument.', 'instrumentId'),
    },
    node: (row, { services }) => deleveragingPolicyOf(row, services.directory),
  }),
  list({
    name: 'marketLimits',
    key: { instrumentId: ({ instrument }) => instrument, version: ({ version }) => version },
    description: 'Market limits, every version, by instrument.',
    of: connectionOf('MarketLimits', MarketLimits, 'market limits'),
    access: ROLES,
    table: 'MarketLimits',
    order: versionsBy('instrumentId'),
    filters: { instrument: byId('Only runs of this instrument.', 'instrumentId') },
    node: marketLimitsOf,
  }),
);
