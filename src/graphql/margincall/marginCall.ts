/** The margin call as a first-class object: what was called, until when, how it went, act by act.  Rules: B1-1 to B1-5, MCM-2, MCM-4 */

import { GraphQLJSONObject } from 'graphql-scalars';
import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { CallEvent } from '../../core/message/margincall';
import type { MarginCall as CallRow, MarginCallEvent as EventRow } from '../../store/generated/client';
import { shortestText } from '../../units/decimal';
import { Reached } from '../access/policy';
import type { Amounts } from '../reading/amounts';
import { AsOf, asOf } from '../reading/asOf';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { Account, readAccount } from '../reference/account';
import { Duration } from '../scalar/time';
import { enumOf } from '../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, Text, When, Whole } from '../schema/fields';

export type CallStatus = 'OPEN' | 'CURED' | 'EXPIRED' | 'SUPERSEDED' | 'WAIVED';

export const MarginCallStatus = enumOf<CallStatus>('MarginCallStatus', 'How a call stands, or how it ended.', {
  OPEN: 'Its clock runs, or was stopped by a ruling.',
  CURED: 'It was met.',
  EXPIRED: 'Its deadline passed unmet; liquidation followed.',
  SUPERSEDED: 'Its window was cut because equity fell below the close-out level; liquidation followed.',
  WAIVED: 'An officer withdrew it.',
});

export const MarginCallEventType = enumOf<CallEvent['type']>('MarginCallEventType', 'Something that happened to a margin call.', {
  MarginCallIssued: 'It was issued, by the ladder or by an officer.',
  MarginCallAmended: 'What is called has grown: a new revision.',
  MarginCallAcknowledged: 'Its holder has seen it.',
  MarginCallPaid: 'Something was paid towards it.',
  MarginCallCured: 'It was met.',
  MarginCallExpired: 'Its deadline passed unmet.',
  MarginCallSuperseded: 'Its window was cut; liquidation starts.',
  MarginCallExtended: 'An officer moved its deadline.',
  MarginCallWaived: 'An officer withdrew it.',
  MarginCallDisputed: 'Its holder disputes it. That alone does not stop its clock.',
  MarginCallDisputeRuled: 'An officer ruled whether its clock stands still.',
  MarginCallFinalNotice: 'The last word before the deadline.',
});

@Reached()
@ObjectType({ description: 'A currency that is accepted to meet a call.' })
export class EligibleCollateral {
  @Id('The currency.')
  currency!: string;

  @Rate('Share taken off its index value, 0 for the currency of the account.')
  haircut!: string;
}

@Reached()
@ObjectType({ description: 'A price a decision was made at.' })
export class PriceUsed {
  @Id('The instrument.')
  instrument!: string;

  @Amount('The mark, in the quote currency.')
  price!: string;

  @SeqNo('Journal entry that set it: the id of the price.')
  seq!: number;
}

@Reached()
@ObjectType({ description: 'Something that happened to a margin call.' })
export class MarginCallEvent {
  @Whole('Its place in the life of the call, from 1 without gaps.')
  ordinal!: number;

  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @When('When.')
  at!: Date;

  @Of(() => MarginCallEventType, 'What happened.')
  type!: string;

  @Text('Key of who acted, of acts by people.', OPTIONAL)
  actor!: string | null;

  @Of(() => GraphQLJSONObject, 'Its particulars; amounts are decimals in the currency of the call.')
  details!: object;
}

@Reached()
@ObjectType({ description: 'A margin call, open or ended. Its amounts are in the currency of the account.' })
export class MarginCall {
  @Id('The call.')
  id!: string;

  @Id('Whose account.')
  accountId!: string;

  @Id('Currency of its amounts.')
  currency!: string;

  @Of(() => MarginCallStatus, 'How it stands, or how it ended.')
  status!: string;

  @Whole('1 when issued, one more per amendment.')
  revision!: number;

  @Flag('Whether an officer issued it, not the ladder.')
  manual!: boolean;

  @Amount('To be paid in: initial margin less equity, rounded up.')
  amount!: string;

  @Amount('Received since it was issued, at collateral value.')
  paid!: string;

  @Amount('Equity when it was issued or last amended, signed, rounded down.')
  equity!: string;

  @Amount('Initial margin then, rounded up.')
  initial!: string;

  @Amount('Maintenance margin then, rounded up.')
  maintenance!: string;

  @Amount(
    'What open orders made of initial margin then: cancelling all of them would have reduced it, and what is called, by so much. ' +
      'Null: nothing.',
    OPTIONAL,
  )
  ordersInitial!: string | null;

  @Amount(
    'What open orders made of maintenance margin then: cancelling all of them would have reduced it by so much. Null: nothing.',
    OPTIONAL,
  )
  ordersMaintenance!: string | null;

  @Amount('Maintenance margin less equity then, at least zero.')
  shortfallToMaintenance!: string;

  @Amount('Equity at or above this cures it.')
  cureLevel!: string;

  @Amount('Liquidation fee if the account were closed out then.')
  feePreview!: string;

  @Amount('Liquidation penalty if the account were closed out then.')
  penaltyPreview!: string;

  @Of(() => [EligibleCollateral], 'What is accepted to meet it.')
  eligible!: EligibleCollateral[];

  @Of(() => [PriceUsed], 'The marks it was computed at.')
  prices!: PriceUsed[];

  @Whole('Version of the margin policy it was issued under.')
  policyVersion!: number;

  @Text('Why an officer issued it.', OPTIONAL)
  reason!: string | null;

  @When('When it was issued.')
  issuedAt!: Date;

  @When('Its window closes at this instant; a payment at it is too late.')
  deadline!: Date;

  @When('When the final notice is still to go out.', OPTIONAL)
  finalNoticeAt!: Date | null;

  @When('When it was acknowledged.', OPTIONAL)
  acknowledgedAt!: Date | null;

  @Text('Key of who acknowledged it.', OPTIONAL)
  acknowledgedBy!: string | null;

  @Flag('Whether it is in dispute.')
  disputed!: boolean;

  @Flag('Whether an officer stopped its clock.')
  clockStopped!: boolean;

  @When('When it ended.', OPTIONAL)
  endedAt!: Date | null;

  @Text('How it ended: `DEPOSIT`, `PRICE`, `CLOSING`, `SETTLEMENT` or `POLICY` for a cure, the cause for a liquidation.', OPTIONAL)
  endedBy!: string | null;

  @Amount('Equity when it ended.', OPTIONAL)
  endedEquity!: string | null;
}

export const MarginCallConnection = connectionOf('MarginCall', MarginCall, 'margin calls');

export function marginCallOf(row: CallRow, { money }: Amounts): MarginCall {
  const { currency } = row;
  return {
    ...row,
    amount: money(row.amount, currency),
    paid: money(row.paid, currency),
    equity: money(row.equity, currency),
    initial: money(row.initial, currency),
    maintenance: money(row.maintenance, currency),
    ordersInitial: row.ordersInitial && money(row.ordersInitial, currency),
    ordersMaintenance: row.ordersMaintenance && money(row.ordersMaintenance, currency),
    shortfallToMaintenance: money(row.shortfallToMaintenance, currency),
    cureLevel: money(row.cureLevel, currency),
    feePreview: money(row.feePreview, currency),
    penaltyPreview: money(row.penaltyPreview, currency),
    eligible: (row.eligible as unknown as EligibleCollateral[]).map((item) => ({ ...item, haircut: shortestText(item.haircut) })),
    prices: row.prices as unknown as PriceUsed[],
    endedEquity: row.endedEquity && money(row.endedEquity, currency),
  };
}

export async function readMarginCall(context: Context, id: string): Promise<MarginCall | null> {
  const { sight, services } = context;
  const { db } = await context.read();
  const account = sight.accounts === 'ALL' ? {} : { memberId: sight.accounts === 'MEMBER' ? sight.member : '' };
  const row = await db.marginCall.findFirst({ where: { id, ...account } });
  return row && marginCallOf(row, services.amounts);
}

@Resolver(() => MarginCall)
export class MarginCallFields {
  @FieldResolver(() => AsOf, { description: 'The journal entry it is as of.' })
  async asOf(@Ctx() context: Context): Promise<AsOf> {
    return asOf(await context.read());
  }

  @FieldResolver(() => Account, { nullable: true, complexity: 2, description: 'The account.' })
  account(@Root() { accountId }: MarginCall, @Ctx() context: Context): Promise<Account | null> {
    return readAccount(context, accountId);
  }

  @FieldResolver(() => Duration, {
    nullable: true,
    description: 'Left until its deadline, at the house time of `asOf`; null of one that ended or whose clock was stopped.',
  })
  async timeLeft(@Root() { status, deadline, clockStopped }: MarginCall, @Ctx() context: Context): Promise<number | null> {
    if (status !== 'OPEN' || clockStopped) return null;
    return Math.max(0, deadline.getTime() - (await context.read()).at);
  }

  @FieldResolver(() => [MarginCallEvent], { complexity: 10, description: 'What happened to it, in order.' })
  async events(@Root() { id }: MarginCall, @Ctx() context: Context): Promise<MarginCallEvent[]> {
    const rows = await (await context.read()).db.marginCallEvent.findMany({ where: { callId: id }, orderBy: { ordinal: 'asc' } });
    return rows.map((row: EventRow) => ({ ...row, details: row.details as object }));
  }
}
