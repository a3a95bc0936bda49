/** Margin policies: the ladder and what follows on it, every version of them.  Rulings 1, 2, 3; X-6 */

import { ObjectType } from 'type-graphql';
import { written } from '../../core/kind/write';
import { MARGIN_BASE, MARGIN_POLICY, TIER_AGGREGATION } from '../../core/model/policy';
import type { MarginPolicy as PolicyRow } from '../../store/generated/client';
import { Reached, ROLES } from '../access/policy';
import type { Directory } from '../live/directory';
import { connectionOf } from '../reading/connection';
import { byFlag, byId, list, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { versionsBy } from '../reading/page';
import { shownAs } from '../schema/enums';
import { Flag, Id, Of, OPTIONAL, SeqNo, Share, Span, When, Whole } from '../schema/fields';
import { LiquidationTerms, liquidationTermsOf } from './liquidationTerms';

export const MarginBase = shownAs(MARGIN_BASE);

export const TierAggregation = shownAs(TIER_AGGREGATION);

@Reached()
@ObjectType({ description: 'A share of a requirement, such as one half of initial margin or 2/3 of maintenance margin.' })
export class MarginTerm {
  @Of(() => MarginBase, 'The requirement.')
  base!: string;

  @Share('The share of it.')
  ratio!: string;
}

@Reached()
@ObjectType({ description: 'A level of equity: the highest of its terms. Equity breaches it when it is strictly below.' })
export class MarginLevel {
  @Of(() => [MarginTerm], 'The terms. The highest counts.')
  terms!: MarginTerm[];
}

@Reached()
@ObjectType({
  description: 'A version of a margin policy: the margin ladder, the window to cure a call, the terms of ' + 'liquidation.',
  implements: Node,
})
export class MarginPolicy {
  @Id('The policy: the same of all its versions.')
  policyId!: string;

  @Whole('The version: 1, 2, 3 in the order they were set.')
  version!: number;

  @Id('Currency of its amounts and of the accounts under it.')
  currency!: string;

  @When('When it comes into force.')
  effectiveAt!: Date;

  @Flag('Whether this version is in force.')
  active!: boolean;

  @SeqNo('Journal entry that set it.')
  setSeq!: bigint;

  @Of(() => [MarginLevel], 'The levels that warn, from the earliest to the last.')
  warnings!: MarginLevel[];

  @Of(() => MarginLevel, 'The call level: equity below it is called.')
  call!: MarginLevel;

  @Of(() => MarginLevel, 'The close-out level: equity below it cuts the window, and liquidation starts at once.')
  closeOut!: MarginLevel;

  @Of(() => MarginLevel, 'The cure level: equity at or above it cures a call.')
  cure!: MarginLevel;

  @Of(() => MarginLevel, 'The target level: a liquidation restores this equity and ends there.')
  target!: MarginLevel;

  @Share('A warning is withdrawn when equity reaches its level x (1 + this share).')
  hysteresis!: string;

  @Span('The time from the issue of a call to its deadline.')
  cureWindow!: number;

  @Span('How long before the deadline the final notice goes out.', OPTIONAL)
  finalNotice!: number | null;

  @Share('A call is amended when its amount has grown by more than this share.')
  amendStep!: string;

  @Of(() => TierAggregation, 'Whose positions are added up to find the tier.')
  aggregation!: string;

  @Of(() => LiquidationTerms, 'The costs and the course of a liquidation.')
  liquidation!: LiquidationTerms;
}

const levelOf = (terms: MarginLevel['terms']): MarginLevel => ({ terms });

export function marginPolicyOf(row: PolicyRow, directory: Directory): MarginPolicy {
  const { id, version, currency, effectiveAt, active, setSeq } = row;
  const { warnings, call, closeOut, cure, target, liquidation, ...terms } = written(MARGIN_POLICY, row.terms, directory.scaleOf(currency));
  return {
    ...{ ...terms, policyId: id, version, currency, effectiveAt, active, setSeq },
    warnings: warnings.map(levelOf),
    call: levelOf(call),
    closeOut: levelOf(closeOut),
    cure: levelOf(cure),
    target: levelOf(target),
    liquidation: liquidationTermsOf(liquidation),
  };
}

export const MarginPolicyQueries = resolversOf(
  list({
    name: 'marginPolicies',
    key: { id: ({ policyId }) => policyId, version: ({ version }) => version },
    description: 'Every version of the margin policies, by policy.',
    of: connectionOf('MarginPolicy', MarginPolicy, 'margin policies'),
    access: ROLES,
    table: 'MarginPolicy',
    order: versionsBy('id'),
    filters: {
      policy: byId('Only versions of this policy.', 'id'),
      active: byFlag('Only versions in force, or only those that are not.'),
    },
    node: (row, { services }) => marginPolicyOf(row, services.directory),
  }),
);
