/** Mutations that set policies: the ladder, liquidation, losses, disposal.  Rule: X-6 */

import { Made } from '../mutation/made';
import { Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import { DisposalPolicy, LossPolicy } from './lossPolicy';
import { MarginPolicy } from './marginPolicy';

@PayloadType('The result of setting a margin policy.')
export class MarginPolicyPayload extends Payload {
  @Made('MarginPolicy', 'The version that was set.', 'MarginPolicySet', ({ terms }) => [terms.id, terms.version])
  policy!: MarginPolicy | null;
}

@PayloadType('The result of setting a loss policy.')
export class LossPolicyPayload extends Payload {
  @Made('LossPolicy', 'The version that was set.', 'LossPolicySet', ({ terms }) => [terms.currency, terms.version])
  policy!: LossPolicy | null;
}

@PayloadType('The result of setting a disposal policy.')
export class DisposalPolicyPayload extends Payload {
  @Made('DisposalPolicy', 'The version that was set.', 'DisposalPolicySet', ({ terms }) => [
    terms.currency,
    terms.version,
  ])
  policy!: DisposalPolicy | null;
}

mutations({
  SetMarginPolicy: MarginPolicyPayload,
  SetLossPolicy: LossPolicyPayload,
  SetDisposalPolicy: DisposalPolicyPayload,
});
