/** How the house computes the funding of perpetuals, every version.  PS-7, X-6 */

import { written } from '../../core/kind/write';
import {
  FUNDING_CAP_INPUT,
  FUNDING_CLAMP_INPUT,
  FUNDING_COMMANDS,
  FUNDING_TERMS_INPUT,
} from '../../core/message/fundingCommands';
import {
  FUNDING_CAP_BASE,
  FUNDING_MEASURE,
  FUNDING_POLICY,
  FUNDING_PRICE,
  FUNDING_WEIGHTS,
} from '../../core/model/funding';
import type { FundingPolicy as PolicyRow } from '../../store/generated/client';
import { ROLES } from '../access/policy';
import { Made } from '../mutation/made';
import { Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import { TermsType, termsOf, versionsOf } from '../mutation/terms';
import { connectionOf } from '../reading/connection';
import { byId, list, resolversOf } from '../reading/list';
import { versionsBy } from '../reading/page';
import { shownAs } from '../schema/enums';

export const FundingMeasure = shownAs(FUNDING_MEASURE);

export const FundingWeights = shownAs(FUNDING_WEIGHTS);

export const FundingPrice = shownAs(FUNDING_PRICE);

export const FundingCapBase = shownAs(FUNDING_CAP_BASE);

@TermsType('Between which rates interest less premium is held before it is added to the premium.')
export class FundingClamp extends termsOf(FUNDING_CLAMP_INPUT.fields) {}

@TermsType('A cap of a funding rate, as a share of a margin rate.')
export class FundingCap extends termsOf(FUNDING_CAP_INPUT.fields) {}

@TermsType(
  'How a funding rate follows from what was sampled: premium, plus interest within the clamp, times the scale, ' +
    'within the bounds and the cap. Of that each interval settles a share.',
)
export class FundingTerms extends termsOf(FUNDING_TERMS_INPUT.fields) {}

@TermsType('A version of how the house computes the funding of a perpetual.')
export class FundingPolicy extends versionsOf(FUNDING_COMMANDS.SetFundingPolicy.fields) {}

/** No amount of it is money, so it is in nobody's scale. */
export const fundingPolicyOf = ({ instrumentId, version, setSeq, terms }: PolicyRow): FundingPolicy => ({
  ...written(FUNDING_POLICY, terms, 0),
  instrument: instrumentId,
  version,
  setSeq,
});

resolversOf(
  list({
    name: 'fundingPolicies',
    key: { instrumentId: ({ instrument }) => instrument, version: ({ version }) => version },
    description: 'How the house computes the funding of perpetuals, every version, by instrument.',
    of: connectionOf('FundingPolicy', FundingPolicy, 'funding policies'),
    access: ROLES,
    table: 'FundingPolicy',
    order: versionsBy('instrumentId'),
    filters: { instrument: byId('Of this instrument only.', 'instrumentId') },
    node: fundingPolicyOf,
  }),
);

@PayloadType('The result of setting a funding policy.')
export class FundingPolicyPayload extends Payload {
  @Made('FundingPolicy', 'The version that was set.', 'FundingPolicySet', ({ policy }) => [
    policy.instrument,
    policy.version,
  ])
  policy!: FundingPolicy | null;
}

mutations({ SetFundingPolicy: FundingPolicyPayload });
