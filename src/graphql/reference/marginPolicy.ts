/** Margin policies: the ladder and what follows on it, every version of them.  Rulings 1, 2, 3; X-6 */

import { ObjectType } from 'type-graphql';
import { written } from '../../core/kind/write';
import { MARGIN_TERM_INPUT, REFERENCE_COMMANDS } from '../../core/message/referenceCommands';
import { MARGIN_BASE, MARGIN_POLICY, TIER_AGGREGATION } from '../../core/model/policy';
import { MARGIN_STANDARDS } from '../../core/reference/policies';
import type { MarginPolicy as PolicyRow } from '../../store/generated/client';
import { formatScaled } from '../../units/decimal';
import { Reached, ROLES } from '../access/policy';
import type { Directory } from '../live/directory';
import { TermsType, termsOf, versionsOf } from '../mutation/terms';
import { connectionOf } from '../reading/connection';
import { byFlag, byId, list, resolversOf } from '../reading/list';
import { versionsBy } from '../reading/page';
import { shownAs } from '../schema/enums';
import { Flag, Id, Of, Rate, When } from '../schema/fields';
import { liquidationTermsOf } from './liquidationTerms';

export const MarginBase = shownAs(MARGIN_BASE);

export const TierAggregation = shownAs(TIER_AGGREGATION);

@TermsType('A share of a requirement, such as one half of initial margin or 2/3 of maintenance margin.')
export class MarginTerm extends termsOf(MARGIN_TERM_INPUT.fields) {}

@Reached()
@ObjectType({
  description: 'A level of equity: the highest of its terms. Equity breaches it when it is strictly below.',
})
export class MarginLevel {
  @Of(() => [MarginTerm], 'The terms. The highest counts.')
  terms!: MarginTerm[];
}

@TermsType('A version of a margin policy: the margin ladder, the window to cure a call, the terms of liquidation.')
export class MarginPolicy extends versionsOf(
  REFERENCE_COMMANDS.SetMarginPolicy.fields,

  'policy',
  'warnings',
  'call',
  'closeOut',
  'cure',
  'target',
  'frozenShare',
) {
  @Id('The policy: the same of all its versions.')
  policyId!: string;

  @When('When it comes into force.')
  effectiveAt!: Date;

  @Flag('Whether this version is in force.')
  active!: boolean;

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

  @Rate(
    'The share of maintenance margin that halted and stale holdings have to carry for the clock of a call to ' +
      'stand. A half ' +
      'unless it says otherwise.',
  )
  frozenShare!: string;
}

const levelOf = (terms: MarginLevel['terms']): MarginLevel => ({ terms });

export function marginPolicyOf(row: PolicyRow, directory: Directory): MarginPolicy {
  const { id, version, currency, effectiveAt, active, setSeq } = row;
  // Earlier versions are silent about the share.
  const {
    warnings,
    call,
    closeOut,
    cure,
    target,
    liquidation,
    frozenShare = formatScaled(MARGIN_STANDARDS.frozenShare, 12).replace(/0+$/, ''),
    ...terms
  } = written(MARGIN_POLICY, row.terms, directory.scaleOf(currency));
  return {
    ...{ ...terms, frozenShare, policyId: id, version, currency, effectiveAt, active, setSeq },
    warnings: warnings.map(levelOf),
    call: levelOf(call),
    closeOut: levelOf(closeOut),
    cure: levelOf(cure),
    target: levelOf(target),
    liquidation: liquidationTermsOf(liquidation),
  };
}

resolversOf(
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
