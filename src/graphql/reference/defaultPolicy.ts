/** Default policies as the API shows them, every version.  Rule: X-6 */

import { Ctx, ObjectType } from 'type-graphql';
import { written } from '../../core/kind/write';
import { DEFAULT_POLICY } from '../../core/model/memberDefault';
import type { DefaultPolicy as PolicyRow } from '../../store/generated/client';
import { Reached, ROLES } from '../access/policy';
import type { Directory } from '../live/directory';
import { eventIn, Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { byId, list, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { versionsBy } from '../reading/page';
import { Amount, Id, Of, OPTIONAL, SeqNo, Span, Whole } from '../schema/fields';

@Reached()
@ObjectType({ description: 'A version of the policy for defaults of members, by currency of their accounts.', implements: Node })
export class DefaultPolicy {
  @Id('The currency.')
  currency!: string;

  @Whole('The version: 2, 3, 4 in the order they were set. Version 1 is the standard. The highest is in force.')
  version!: number;

  @SeqNo('Journal entry that set it.')
  setSeq!: bigint;

  @Span('The time from the declaration until clients who did not move are closed out. The longest of ' + "a member's currencies counts.")
  portingWindow!: number;

  @Span('How long an offer of clients waits for the other member.')
  acceptWindow!: number;

  @Span('How long a venue has for a hedging or closing order.')
  orderWindow!: number;

  @Amount('The notional that one officer may hedge or close without a second person, in the currency.')
  aloneUpTo!: string;

  @Whole('The least number of lots of a portfolio whose first auction failed.')
  minimumLots!: number;
}

function defaultPolicyOf({ currency, version, setSeq, terms: json }: PolicyRow, directory: Directory): DefaultPolicy {
  return { ...written(DEFAULT_POLICY, json, directory.scaleOf(currency)), currency, version, setSeq };
}

@PayloadType('The result of setting a default policy.')
export class DefaultPolicyPayload extends Payload {
  @Of(() => DefaultPolicy, 'The version that was set.', OPTIONAL)
  async policy(@Ctx() context: Context): Promise<DefaultPolicy | null> {
    const set = eventIn(this.made, 'DefaultPolicySet');
    if (!set) return null;
    const { currency, version } = set.terms;
    const row = await (await context.read()).db.defaultPolicy.findUnique({ where: { currency_version: { currency, version } } });
    return row && defaultPolicyOf(row, context.services.directory);
  }
}

export const DefaultPolicyQueries = resolversOf(
  list({
    name: 'defaultPolicies',
    key: { currency: ({ currency }) => currency, version: ({ version }) => version },
    description: 'Every version of the default policies that were set, by currency. Without one the standard ' + 'terms hold.',
    of: connectionOf('DefaultPolicy', DefaultPolicy, 'default policies'),
    access: ROLES,
    table: 'DefaultPolicy',
    order: versionsBy('currency'),
    filters: { currency: byId('Only versions for this currency.') },
    node: (row, { services }) => defaultPolicyOf(row, services.directory),
  }),
);

export const DefaultPolicyMutations = mutations({
  SetDefaultPolicy: DefaultPolicyPayload,
});
