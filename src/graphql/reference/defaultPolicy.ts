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
import { versionsBy } from '../reading/page';
import { Amount, Id, Of, OPTIONAL, SeqNo, Span, Whole } from '../schema/fields';

@Reached()
@ObjectType({ description: 'A version of the policy by which defaults of members are managed, per currency of their accounts.' })
export class DefaultPolicy {
  @Id('The currency.')
  currency!: string;

  @Whole('2, 3, 4 in the order they were set; version 1 is the standard one. The highest is in force.')
  version!: number;

  @SeqNo('Journal entry that set it.')
  setSeq!: bigint;

  @Span("From declaration until clients who did not move are closed out; the longest of a member's currencies holds.")
  portingWindow!: number;

  @Span('How long an offer waits for the member it is made to.')
  acceptWindow!: number;

  @Span('How long a venue has for a hedging or closing order.')
  orderWindow!: number;

  @Amount('Notional that one officer may hedge or close without a second person, in the currency.')
  aloneUpTo!: string;

  @Whole('Parts a portfolio is offered in at least when its first auction failed.')
  minimumLots!: number;
}

function defaultPolicyOf({ currency, version, setSeq, terms: json }: PolicyRow, directory: Directory): DefaultPolicy {
  return { ...written(DEFAULT_POLICY, json, directory.scaleOf(currency)), currency, version, setSeq };
}

@PayloadType('What came of setting a default policy.')
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
    description: 'Default policies that were set, every version, by currency. Where there is none the standard terms hold.',
    of: connectionOf('DefaultPolicy', DefaultPolicy, 'default policies'),
    access: ROLES,
    table: 'DefaultPolicy',
    order: versionsBy('currency'),
    filters: { currency: byId('Of this currency only.') },
    node: (row, { services }) => defaultPolicyOf(row, services.directory),
  }),
);

export const DefaultPolicyMutations = mutations({
  SetDefaultPolicy: DefaultPolicyPayload,
});
