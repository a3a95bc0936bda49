/** Disputed liquidations: the objection of a broker, and the ruling on it.  Rule: LP-5 */

import { Ctx, ObjectType } from 'type-graphql';
import type { LiquidationDispute as Row } from '../../store/generated/client';
import { ACCOUNT_READERS, Reached } from '../access/policy';
import { eventIn, Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { byId, byOneOf, list, resolversOf } from '../reading/list';
import { descending } from '../reading/page';
import { inSight } from '../reading/scoped';
import { enumOf } from '../schema/enums';
import { Amount, Id, Of, OPTIONAL, Text, When } from '../schema/fields';

export const LiquidationDisputeStatus = enumOf<'OPEN' | 'UPHELD' | 'REJECTED'>(
  'LiquidationDisputeStatus',
  'How an objection to a liquidation stands.',
  {
    OPEN: 'Nobody has ruled on it yet.',
    UPHELD: 'Fee and penalty were given back.',
    REJECTED: 'Everything stays as it was.',
  },
);

@Reached()
@ObjectType({ description: 'An objection to a liquidation, and the ruling on it.' })
export class LiquidationDispute {
  @Id('The dispute.')
  id!: string;

  @Id('The liquidation.')
  liquidationId!: string;

  @Id('Account that was liquidated.')
  accountId!: string;

  @Id('Key that objected.')
  by!: string;

  @Text('Why it objected.')
  reason!: string;

  @When('When.')
  at!: Date;

  @Of(() => LiquidationDisputeStatus, 'How it stands.')
  status!: string;

  @Id('Key that ruled.', OPTIONAL)
  ruledBy!: string | null;

  @Text('Why it was ruled so.', OPTIONAL)
  ruling!: string | null;

  @When('When it was ruled.', OPTIONAL)
  ruledAt!: Date | null;

  @Id('Currency of what was given back.')
  currency!: string;

  @Amount('Given back: zero unless it was upheld.')
  refunded!: string;
}

const disputeOf = (row: Row, { services }: Context): LiquidationDispute => ({
  ...row,
  refunded: services.amounts.money(row.refunded, row.currency),
});

export const LiquidationDisputeQueries = resolversOf(
  list({
    name: 'liquidationDisputes',
    description: 'Objections to liquidations, the newest first, as far as the caller may see them.',
    of: connectionOf('LiquidationDispute', LiquidationDispute, 'disputes over liquidations'),
    access: ACCOUNT_READERS,
    table: 'LiquidationDispute',
    order: descending({ at: 'date', id: 'text' }),
    filters: {
      liquidation: byId('To this liquidation only.', 'liquidationId'),
      status: byOneOf(LiquidationDisputeStatus, 'In one of these statuses only.'),
    },
    scope: ({ sight }) => [inSight(sight, 'accountId')],
    node: disputeOf,
  }),
);

@PayloadType('What came of an objection, or of the ruling on one.')
export class LiquidationDisputePayload extends Payload {
  @Of(() => LiquidationDispute, 'The dispute as it is now.', OPTIONAL)
  async dispute(@Ctx() context: Context): Promise<LiquidationDispute | null> {
    const id = eventIn(this.made, 'LiquidationDisputed')?.dispute.id ?? eventIn(this.made, 'LiquidationDisputeRuled')?.dispute;
    const row = id === undefined ? null : await (await context.read()).db.liquidationDispute.findUnique({ where: { id } });
    return row && disputeOf(row, context);
  }
}

export const LiquidationDisputeMutations = mutations({
  DisputeLiquidation: LiquidationDisputePayload,
  RuleOnLiquidationDispute: LiquidationDisputePayload,
});
