/** The default fund: contributions and requirements, and calls for it.  Rule: LCS-4 */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { written } from '../../../core/kind/write';
import { DEFAULT_FUND_POLICY, WEEKDAY } from '../../../core/model/waterfall';
import type { DefaultFundCall as CallRow, DefaultFundPolicy as PolicyRow } from '../../../store/generated/client';
import { ACCOUNT_READERS, Reached, ROLES } from '../../access/policy';
import { type Sight, seesMember } from '../../access/sight';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { byId, list, one, resolversOf } from '../../reading/list';
import { descending, versionsBy } from '../../reading/page';
import { enumOf, shownAs } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, Span, Texts, When, Whole } from '../../schema/fields';
import { readCoverage, stressOf } from './coverage';

export const Weekday = shownAs(WEEKDAY);

export const FundCallKind = enumOf<'REPLENISHMENT' | 'ASSESSMENT'>('DefaultFundCallKind', 'What a call for the default fund is for.', {
  REPLENISHMENT: 'To bring the contribution to its requirement.',
  ASSESSMENT: 'To pay for a loss.',
});

export const FundCallStatus = enumOf<'OPEN' | 'PAID' | 'EXPIRED'>('DefaultFundCallStatus', 'Where a call for the default fund stands.', {
  OPEN: 'To be paid.',
  PAID: 'Paid in full.',
  EXPIRED: 'Not paid in full by its deadline.',
});

@Reached()
@ObjectType({ description: 'How far the price of an instrument moves in the stress.' })
export class StressMove {
  @Id('The instrument.')
  instrument!: string;

  @Rate('Upwards, as a share of the mark.')
  up!: string;

  @Rate('Downwards, as a share of the mark.')
  down!: string;
}

@Reached()
@ObjectType({ description: 'A version of the policy by which the default fund of a currency is sized, called and measured.' })
export class DefaultFundPolicy {
  @Id('The currency.')
  currency!: string;

  @Whole('1, 2, 3 in the order they were set; the highest is in force.')
  version!: number;

  @SeqNo('Journal entry that set it.')
  setSeq!: bigint;

  @Of(() => [StressMove], 'The stress: all prices rise, or all fall.')
  moves!: StressMove[];

  @Amount('The least a member contributes, in the currency.')
  floor!: string;

  @Rate('Coverage below this share of cover-2 is short.')
  threshold!: string;

  @Rate("Share of the house's part of liquidation fees that goes to the insurance fund while coverage is short.")
  feeShare!: string;

  @Rate('Assessments of a capped period: at most this many times the contribution.')
  multiple!: string;

  @Span('The capped period.')
  cappedWindow!: number;

  @Span('After a member was assessed up to its cap nothing more is asked of it for so long.')
  coolingOffWindow!: number;

  @Whole('Business days to pay a call.')
  within!: number;

  @Of(() => [Weekday], 'Days that are no business days.')
  weekend!: string[];

  @Texts('Dates that are no business days.')
  holidays!: string[];

  @Span('Time of day, UTC, at which coverage is computed.')
  computedAt!: number;
}

@Reached()
@ObjectType({ description: 'What one member has in the default fund and has to have. Amounts are in the currency of the fund.' })
export class DefaultFundMember {
  @Id('The member.')
  memberId!: string;

  @Amount('What it has in the fund.')
  contribution!: string;

  @Amount('What it has to have: cover-2 shared by initial margin, at least the floor; null before coverage was computed.', OPTIONAL)
  requirement!: string | null;
}

@Reached()
@ObjectType({ description: 'The default fund of a currency. Amounts are in that currency.' })
export class DefaultFund {
  @Id('The currency.')
  currency!: string;

  @Amount('What all members have in it.')
  total!: string;
}

@Reached()
@ObjectType({ description: 'A call for the default fund. Amounts are in its currency.' })
export class DefaultFundCall {
  @Id('The call.')
  id!: string;

  @Of(() => FundCallKind, 'What it is for.')
  kind!: string;

  @Id('Who is called.')
  memberId!: string;

  @Id('The currency.')
  currency!: string;

  @Id('The case an assessment pays for.', OPTIONAL)
  caseId!: string | null;

  @Amount('What is called.')
  amount!: string;

  @Amount('What of it was paid.')
  paid!: string;

  @Of(() => FundCallStatus, 'Where it stands.')
  status!: string;

  @When('When it was issued.')
  issuedAt!: Date;

  @When('By when it has to be paid.')
  deadline!: Date;

  @When('When it was paid in full or expired.', OPTIONAL)
  endedAt!: Date | null;
}

export function fundCallOf(row: CallRow, { services }: Context): DefaultFundCall {
  const { money } = services.amounts;
  return { ...row, amount: money(row.amount, row.currency), paid: money(row.paid, row.currency) };
}

export function fundPolicyOf({ currency, version, setSeq, terms: json }: PolicyRow, { services }: Context): DefaultFundPolicy {
  const { cappedPeriod, coolingOff, ...terms } = written(DEFAULT_FUND_POLICY, json, services.directory.scaleOf(currency));
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

export const DefaultFundQueries = resolversOf(
  one({
    name: 'defaultFund',
    description: 'The default fund of a currency; null where there is no such currency.',
    of: DefaultFund,
    argument: 'currency',
    id: 'The currency.',
    access: ROLES,
    read: readDefaultFund,
  }),
  list({
    name: 'defaultFundCalls',
    description: 'Calls for the default fund, the newest first, as far as the caller may see them.',
    of: connectionOf('DefaultFundCall', DefaultFundCall, 'calls for the default fund'),
    access: ACCOUNT_READERS,
    table: 'DefaultFundCall',
    order: descending({ seq: 'bigint', id: 'text' }),
    filters: {
      member: byId('Of this member only.', 'memberId'),
      status: { type: () => FundCallStatus, description: 'With this status only.' },
    },
    sight: ({ sight }) => membersOf(sight),
    node: fundCallOf,
  }),
  list({
    name: 'defaultFundPolicies',
    description: 'Default fund policies by currency and version.',
    of: connectionOf('DefaultFundPolicy', DefaultFundPolicy, 'default fund policies'),
    access: ROLES,
    table: 'DefaultFundPolicy',
    order: versionsBy('currency'),
    filters: { currency: byId('Of this currency only.') },
    node: fundPolicyOf,
  }),
);

@Resolver(() => DefaultFund)
export class DefaultFundFields {
  @FieldResolver(() => [DefaultFundMember], { complexity: 5, description: 'Members in the fund by id, as far as the caller may see them.' })
  async members(@Root() { currency }: DefaultFund, @Ctx() context: Context): Promise<DefaultFundMember[]> {
    const coverage = await readCoverage(context, currency);
    const required = new Map(coverage ? stressOf(coverage, context).map((one) => [one.memberId, one.requirement]) : []);
    const rows = await contributionsOf(context, currency);
    const held = new Map(rows.map(({ name, balance }) => [name.slice(FUND.length), context.services.amounts.money(balance, currency)]));
    const nothing = context.services.amounts.money({ toFixed: (digits = 0) => (digits > 0 ? `0.${'0'.repeat(digits)}` : '0') }, currency);
    return [...new Set([...held.keys(), ...required.keys()])]
      .filter((member) => seesMember(context.sight, member))
      .sort()
      .map((memberId) => ({ memberId, contribution: held.get(memberId) ?? nothing, requirement: required.get(memberId) ?? null }));
  }
}
