/** Default policies as the API shows them, every version.  Rule: X-6 */

import { written } from '../../core/kind/write';
import { MEMBER_DEFAULT_COMMANDS } from '../../core/message/memberDefaultCommands';
import { DEFAULT_POLICY } from '../../core/model/memberDefault';
import type { DefaultPolicy as PolicyRow } from '../../store/generated/client';
import { ROLES } from '../access/policy';
import type { Directory } from '../live/directory';
import { Made } from '../mutation/made';
import { Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import { TermsType, versionsOf } from '../mutation/terms';
import { connectionOf } from '../reading/connection';
import { byId, list, resolversOf } from '../reading/list';
import { versionsBy } from '../reading/page';

@TermsType(
  'A version of the policy for defaults of members, by currency of their accounts. Version 1 is the standard, ' +
    'which is not listed.',
)
export class DefaultPolicy extends versionsOf(MEMBER_DEFAULT_COMMANDS.SetDefaultPolicy.fields) {}

function defaultPolicyOf({ currency, version, setSeq, terms: json }: PolicyRow, directory: Directory): DefaultPolicy {
  return { ...written(DEFAULT_POLICY, json, directory.scaleOf(currency)), currency, version, setSeq };
}

@PayloadType('The result of setting a default policy.')
export class DefaultPolicyPayload extends Payload {
  @Made('DefaultPolicy', 'The version that was set.', 'DefaultPolicySet', ({ terms }) => [
    terms.currency,
    terms.version,
  ])
  policy!: DefaultPolicy | null;
}

resolversOf(
  list({
    name: 'defaultPolicies',
    key: { currency: ({ currency }) => currency, version: ({ version }) => version },
    description:
      'Every version of the default policies that were set, by currency. Without one the standard terms hold.',
    of: connectionOf('DefaultPolicy', DefaultPolicy, 'default policies'),
    access: ROLES,
    table: 'DefaultPolicy',
    order: versionsBy('currency'),
    filters: { currency: byId('Only versions for this currency.') },
    node: (row, { services }) => defaultPolicyOf(row, services.directory),
  }),
);

mutations({
  SetDefaultPolicy: DefaultPolicyPayload,
});
