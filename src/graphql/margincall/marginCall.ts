/**
 * The margin call as a first-class object: what was called, until when, how it went, act by act.  Rules: B1-1 to B1-5,
 * MCM-2, MCM-4
 */

import { GraphQLJSONObject } from 'graphql-scalars';
import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { type CallEvent, MARGIN_CALL_EVENTS } from '../../core/message/margincall';
import type { MarginCall as CallRow, MarginCallEvent as EventRow } from '../../store/generated/client';
import { shortestText } from '../../units/decimal';
import { Reached } from '../access/policy';
import type { Amounts } from '../reading/amounts';
import { AsOf, asOf } from '../reading/asOf';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { Ref } from '../reading/link';
import { Node } from '../reading/node';
import { Duration } from '../scalar/time';
import { enumOf, eventEnumOf } from '../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, Text, When, Whole } from '../schema/fields';

export type CallStatus = 'OPEN' | 'CURED' | 'EXPIRED' | 'SUPERSEDED' | 'WAIVED';

export const MarginCallStatus = enumOf<CallStatus>('MarginCallStatus', 'The status of a margin call.', {
  OPEN: 'Its clock runs, a ruling has stopped it, or it stands in a halt.',
  CURED: 'The call was met.',
  EXPIRED: 'Its deadline passed and it was not met. Liquidation followed.',
  SUPERSEDED: 'Its window was cut because equity fell below the close-out level. Liquidation followed.',
  WAIVED: 'An officer withdrew it.',
});

export const MarginCallEventType = eventEnumOf(
  'MarginCallEventType',
  'A kind of event of a margin call.',
  Object.keys(MARGIN_CALL_EVENTS) as CallEvent['type'][],
);

@Reached()
@ObjectType({ description: 'A currency that is accepted to meet a call.' })
export class EligibleCollateral {
  @Id('The currency.')
  currency!: string;

  @Rate('The share taken off the index value of the next unit paid in. 0 for the currency of the account.')
  haircut!: string;
}

@Reached()
@ObjectType({ description: 'A price that a decision was made at.' })
export class PriceUsed {
  @Id('The instrument.')
  instrument!: string;

  @Amount('The mark, in the quote currency.')
  price!: string;

  @SeqNo('The journal entry that set the price. It is the id of the price.')
  seq!: number;
}

@Reached()
@ObjectType({ description: 'A kind of event of a margin call.' })
export class MarginCallEvent {
  @Whole('Its place among the events of the call, from 1 without gaps.')
  ordinal!: number;

  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @When('House time at which it happened.')
  at!: Date;

  @Of(() => MarginCallEventType, 'What happened.')
  type!: string;

  @Text('The key of the person who acted. Null if no person did.', OPTIONAL)
  actor!: string | null;

  @Of(() => GraphQLJSONObject, 'The facts of the event. Amounts are decimals in the currency of the call.')
  details!: object;
}

@Reached()
@ObjectType({
  description: 'A margin call, open or ended. Its amounts are in the currency of the account.',
  implements: Node,
})
export class MarginCall {
  @Id('The call.')
  id!: string;

  @Ref('Account', 'The account that is called.')
  accountId!: string;

  @Id('Currency of the amounts.')
  currency!: string;

  @Of(() => MarginCallStatus, 'The status of the call.')
  status!: string;

  @Whole('The revision: 1 when issued, one more for each amendment.')
  revision!: number;

  @Flag('Whether an officer issued it, and not the ladder.')
  manual!: boolean;

  @Amount('The amount to pay in: initial margin less equity, rounded up.')
  amount!: string;

  @Amount('The amount received since it was issued, at collateral value.')
  paid!: string;

  @Amount('Equity when it was issued or last amended, signed, rounded down.')
  equity!: string;

  @Amount('Initial margin at that time, rounded up.')
  initial!: string;

  @Amount('Maintenance margin at that time, rounded up.')
  maintenance!: string;

  @Amount(
    'The initial margin that open orders added at that time. Cancelling all of them would have ' +
      'reduced it, and the amount called, by as much. Null if they added none.',
    OPTIONAL,
  )
  ordersInitial!: string | null;

  @Amount(
    'The maintenance margin that open orders added at that time. Cancelling all of them would ' +
      'have freed it. Null if they added none.',
    OPTIONAL,
  )
  ordersMaintenance!: string | null;

  @Amount('Maintenance margin less equity at that time, at least zero.')
  shortfallToMaintenance!: string;

  @Amount('Equity at or above this level cures the call.')
  cureLevel!: string;

  @Amount('The liquidation fee if the account had been closed out then.')
  feePreview!: string;

  @Amount('The liquidation penalty if the account had been closed out then.')
  penaltyPreview!: string;

  @Of(() => [EligibleCollateral], 'The currencies that are accepted to meet it.')
  eligible!: EligibleCollateral[];

  @Of(() => [PriceUsed], 'The marks that were used.')
  prices!: PriceUsed[];

  @Whole('The version of the margin policy that was in force.')
  policyVersion!: number;

  @Text('Why an officer issued it. Null if the ladder did.', OPTIONAL)
  reason!: string | null;

  @When('When it was issued.')
  issuedAt!: Date;

  @When('The deadline. A payment at this instant is too late.')
  deadline!: Date;

  @When('When the final notice is due. Null once it was sent.', OPTIONAL)
  finalNoticeAt!: Date | null;

  @When('When it was acknowledged.', OPTIONAL)
  acknowledgedAt!: Date | null;

  @Text('Key of who acknowledged it.', OPTIONAL)
  acknowledgedBy!: string | null;

  @Flag('Whether it is in dispute.')
  disputed!: boolean;

  @Flag('Whether an officer has stopped its clock.')
  clockStopped!: boolean;

  @When(
    'Since when its clock stands, because halted or stale holdings carry the stated part of maintenance margin. The ' +
      'deadline will move by as long as it stands. Null if it does not stand for them.',
    OPTIONAL,
  )
  pausedAt!: Date | null;
  @SeqNo(
    'The journal entry from which on changed terms close nobody out while the call is open. ' +
      'The account has to be below the close-out level by the terms from before as well. Null for calls from ' +
      'before there was this rule.',
    OPTIONAL,
  )
  termsBefore!: bigint | null;

  @When('When it ended.', OPTIONAL)
  endedAt!: Date | null;

  @Text(
    'How it ended. A cure is `DEPOSIT`, `PRICE`, `CLOSING`, `SETTLEMENT` or `POLICY`. A ' +
      'liquidation has its cause.',
    OPTIONAL,
  )
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
    eligible: (row.eligible as unknown as EligibleCollateral[]).map((item) => ({
      ...item,
      haircut: shortestText(item.haircut),
    })),
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

  @FieldResolver(() => Duration, {
    nullable: true,
    description:
      'The time to its deadline, from the house time of `asOf`, or from when its clock stands. Null if the call ' +
      'has ended or ' +
      'an officer has stopped its clock.',
  })
  async timeLeft(
    @Root() { status, deadline, clockStopped, pausedAt }: MarginCall,
    @Ctx() context: Context,
  ): Promise<number | null> {
    if (status !== 'OPEN' || clockStopped) return null;
    return Math.max(0, deadline.getTime() - (pausedAt?.getTime() ?? (await context.read()).at));
  }

  @FieldResolver(() => [MarginCallEvent], { complexity: 10, description: 'The events of the call, in order.' })
  async events(@Root() { id }: MarginCall, @Ctx() context: Context): Promise<MarginCallEvent[]> {
    const rows = await (await context.read()).db.marginCallEvent.findMany({
      where: { callId: id },
      orderBy: { ordinal: 'asc' },
    });
    return rows.map((row: EventRow) => ({ ...row, details: row.details as object }));
  }
}
