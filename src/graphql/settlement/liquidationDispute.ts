/** Disputed liquidations: the objection of a broker, and the ruling on it.  Rule: LP-5 */

import { Ctx, ObjectType } from 'type-graphql';
import type { LiquidationDispute as Row } from '../../store/generated/client';
import { ACCOUNT_READERS, Reached } from '../access/policy';
import { eventIn, Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { Ref } from '../reading/link';
import { byId, byOneOf, list, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { descending } from '../reading/page';
import { inSight } from '../reading/scoped';
import { enumOf } from '../schema/enums';
import { Amount, Id, Of, OPTIONAL, Text, When } from '../schema/fields';

export const LiquidationDisputeStatus = enumOf<'OPEN' | 'UPHELD' | 'REJECTED'>(
  'LiquidationDisputeStatus',
  'The status of an objection to a liquidation.',
  {
    OPEN: 'Nobody has ruled on it yet.',
    UPHELD: 'Fee and penalty were given back.',
    REJECTED: 'Nothing was given back.',
  },
);

@Reached()
@ObjectType({ description: 'An objection to a liquidation, and the ruling on it.', implements: Node })
export class LiquidationDispute {
  @Id('The dispute.')
  id!: string;

  @Ref('Liquidation', 'The liquidation.')
  liquidationId!: string;

  @Ref('Account', 'Account that was liquidated.')
  accountId!: string;

  @Id('The key that objected.')
  by!: string;

  @Text('The reason of the objection.')
  reason!: string;

  @When('House time at which it happened.')
  at!: Date;

  @Of(() => LiquidationDisputeStatus, 'The status.')
  status!: string;

  @Id('The key that ruled.', OPTIONAL)
  ruledBy!: string | null;

  @Text('The reason of the ruling.', OPTIONAL)
  ruling!: string | null;

  @When('When the ruling was made.', OPTIONAL)
  ruledAt!: Date | null;

  @Id('The currency of the amounts given back.')
  currency!: string;

  @Amount('The amount given back. Zero unless the objection was upheld.')
  refunded!: string;
}

const disputeOf = (row: Row, { services }: Context): LiquidationDispute => ({
  ...row,
  refunded: services.amounts.money(row.refunded, row.currency),
});

resolversOf(
  list({
    name: 'liquidationDisputes',
    key: { id: ({ id }) => id },
    description: 'Objections to liquidations, the newest first. Only those that the caller may see.',
    of: connectionOf('LiquidationDispute', LiquidationDispute, 'disputes over liquidations'),
    access: ACCOUNT_READERS,
    table: 'LiquidationDispute',
    order: descending({ at: 'date', id: 'text' }),
    filters: {
      liquidation: byId('Only objections to this liquidation.', 'liquidationId'),
      status: byOneOf(LiquidationDisputeStatus, 'Only calls with one of these statuses.'),
    },
    scope: ({ sight }) => [inSight(sight, 'accountId')],
    node: disputeOf,
  }),
);

@PayloadType('The result of an objection, or of the ruling on one.')
export class LiquidationDisputePayload extends Payload {
  @Of(() => LiquidationDispute, 'The dispute after the command.', OPTIONAL)
  async dispute(@Ctx() context: Context): Promise<LiquidationDispute | null> {
    const id =
      eventIn(this.made, 'LiquidationDisputed')?.dispute.id ?? eventIn(this.made, 'LiquidationDisputeRuled')?.dispute;
    const row =
      id === undefined ? null : await (await context.read()).db.liquidationDispute.findUnique({ where: { id } });
    return row && disputeOf(row, context);
  }
}

mutations({
  DisputeLiquidation: LiquidationDisputePayload,
  RuleOnLiquidationDispute: LiquidationDisputePayload,
});
