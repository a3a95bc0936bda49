/** The default fund: contributions and requirements, and calls for it.  Rule: LCS-4 */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { written } from '../../../core/kind/write';
import { STRESS_MOVE_INPUT, WATERFALL_COMMANDS } from '../../../core/message/waterfallCommands';
import { DEFAULT_FUND_POLICY, WEEKDAY } from '../../../core/model/waterfall';
import type { DefaultFundCall as CallRow, DefaultFundPolicy as PolicyRow } from '../../../store/generated/client';
import { ACCOUNT_READERS, Reached, ROLES } from '../../access/policy';
import { type Sight, seesMember } from '../../access/sight';
import { TermsType, termsOf, versionsOf } from '../../mutation/terms';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { Ref } from '../../reading/link';
import { byId, list, one, resolversOf } from '../../reading/list';
import { Node } from '../../reading/node';
import { descending, versionsBy } from '../../reading/page';
import { enumOf, shownAs } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, When } from '../../schema/fields';
import { readCoverage, stressOf } from './coverage';

export const Weekday = shownAs(WEEKDAY);

export const FundCallKind = enumOf<'REPLENISHMENT' | 'ASSESSMENT'>(
  'DefaultFundCallKind',
  'The purpose of a call for the default fund.',
  {
    REPLENISHMENT: 'It brings the contribution to its requirement.',
    ASSESSMENT: 'It pays for a loss.',
  },
);

export const FundCallStatus = enumOf<'OPEN' | 'PAID' | 'EXPIRED'>(
  'DefaultFundCallStatus',
  'The status of a call for the default fund.',
  {
    OPEN: 'It is to be paid.',
    PAID: 'It was paid in full.',
    EXPIRED: 'It was not paid in full by its deadline.',
  },
);

@TermsType('The stress of an instrument: how far its price moves.')
export class StressMove extends termsOf(STRESS_MOVE_INPUT.fields) {}

@TermsType('A version of the policy by which the default fund of a currency is sized, called and measured.')
export class DefaultFundPolicy extends versionsOf(WATERFALL_COMMANDS.SetDefaultFundPolicy.fields) {}

@Reached()
@ObjectType({
  description: 'The contribution of one member to the default fund. Amounts are in the currency of the fund.',
})
export class DefaultFundMember {
  @Ref('Member', 'The member.')
  memberId!: string;

  @Amount('Its contribution.')
  contribution!: string;

  @Amount(
    'Its required contribution: cover-2 shared by initial margin, at least the floor. Null ' +
      'before coverage was computed.',
    OPTIONAL,
  )
  requirement!: string | null;
}

@Reached()
@ObjectType({ description: 'The default fund of a currency. Amounts are in that currency.', implements: Node })
export class DefaultFund {
  @Id('The currency.')
  currency!: string;

  @Amount('The sum of all contributions.')
  total!: string;
}

@Reached()
@ObjectType({ description: 'A call for the default fund. Amounts are in its currency.', implements: Node })
export class DefaultFundCall {
  @Id('The call.')
  id!: string;

  @Of(() => FundCallKind, 'What the key is used for.')
  kind!: string;

  @Ref('Member', 'The member that is called.')
  memberId!: string;

  @Id('The currency.')
  currency!: string;

  @Ref('LossCase', 'For an assessment: the loss case that it pays for.', OPTIONAL)
  caseId!: string | null;

  @Amount('The amount called.')
  amount!: string;

  @Amount('The amount paid.')
  paid!: string;

  @Of(() => FundCallStatus, 'The status.')
  status!: string;

  @When('When it was issued.')
  issuedAt!: Date;

  @When('The deadline.')
  deadline!: Date;

  @When('When it was paid in full or expired.', OPTIONAL)
  endedAt!: Date | null;
}

export function fundCallOf(row: CallRow, { services }: Context): DefaultFundCall {
  const { money } = services.amounts;
  return { ...row, amount: money(row.amount, row.currency), paid: money(row.paid, row.currency) };
}

export function fundPolicyOf(
  { currency, version, setSeq, terms: json }: PolicyRow,
  { services }: Context,
): DefaultFundPolicy {
  const { cappedPeriod, coolingOff, ...terms } = written(
    DEFAULT_FUND_POLICY,
    json,
    services.directory.scaleOf(currency),
  );
  return { ...terms, currency, version, setSeq, cappedWindow: cappedPeriod, coolingOffWindow: coolingOff };
}

const membersOf = (sight: Sight): object =>
  sight.accounts === 'ALL' ? {} : { memberId: { in: sight.accounts === 'MEMBER' ? [sight.member] : [] } };

const FUND = 'default-fund/';

async function contributionsOf(context: Context, currency: string) {
  const { db } = await context.read();
  return db.ledgerAccount.findMany({ where: { currency, name: { startsWith: FUND } }, orderBy: { name: 'asc' } });
}

export async function readDefaultFund(context: Context, currency: string): Promise<DefaultFund | null> {
  const { db } = await context.read();
  if (!(await db.currency.findUnique({ where: { id: currency } }))) return null;
  const rows = await contributionsOf(context, currency);
  const zero = { toFixed: () => '0' };
  const [first, ...others] = rows.map(({ balance }) => balance);
  const total = first ? others.reduce((sum, balance) => sum.add(balance), first) : zero;
  return { currency, total: context.services.amounts.money(total, currency) };
}

resolversOf(
  one({
    name: 'defaultFund',
    key: ({ currency }) => currency,
    description: 'The default fund of a currency. Null if the currency does not exist.',
    of: DefaultFund,
    argument: 'currency',
    id: 'The currency.',
    access: ROLES,
    read: readDefaultFund,
  }),
  list({
    name: 'defaultFundCalls',
    key: { id: ({ id }) => id },
    description: 'Calls for the default fund, the newest first. Only those that the caller may see.',
    of: connectionOf('DefaultFundCall', DefaultFundCall, 'calls for the default fund'),
    access: ACCOUNT_READERS,
    table: 'DefaultFundCall',
    order: descending({ seq: 'bigint', id: 'text' }),
    filters: {
      member: byId('Only accounts of this member.', 'memberId'),
      status: { type: () => FundCallStatus, description: 'Only calls with this status.' },
    },
    sight: ({ sight }) => membersOf(sight),
    node: fundCallOf,
  }),
  list({
    name: 'defaultFundPolicies',
    key: { currency: ({ currency }) => currency, version: ({ version }) => version },
    description: 'Default fund policies by currency and version.',
    of: connectionOf('DefaultFundPolicy', DefaultFundPolicy, 'default fund policies'),
    access: ROLES,
    table: 'DefaultFundPolicy',
    order: versionsBy('currency'),
    filters: { currency: byId('Only versions for this currency.') },
    node: fundPolicyOf,
  }),
);

@Resolver(() => DefaultFund)
export class DefaultFundFields {
  @FieldResolver(() => [DefaultFundMember], {
    complexity: 5,
    description: 'Members in the fund by id. Only those that the caller may see.',
  })
  async members(@Root() { currency }: DefaultFund, @Ctx() context: Context): Promise<DefaultFundMember[]> {
    const coverage = await readCoverage(context, currency);
    const required = new Map(coverage ? stressOf(coverage, context).map((one) => [one.memberId, one.requirement]) : []);
    const rows = await contributionsOf(context, currency);
    const held = new Map(
      rows.map(({ name, balance }) => [name.slice(FUND.length), context.services.amounts.money(balance, currency)]),
    );
    const nothing = context.services.amounts.money(
      { toFixed: (digits = 0) => (digits > 0 ? `0.${'0'.repeat(digits)}` : '0') },
      currency,
    );
    return [...new Set([...held.keys(), ...required.keys()])]
      .filter((member) => seesMember(context.sight, member))
      .sort()
      .map((memberId) => ({
        memberId,
        contribution: held.get(memberId) ?? nothing,
        requirement: required.get(memberId) ?? null,
      }));
  }
}
