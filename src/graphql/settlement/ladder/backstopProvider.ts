/**
 * Backstop providers: accounts bound to take positions over at a discount from the mark, up to a notional.  Rule: LI-4
 */

import { Ctx, ObjectType } from 'type-graphql';
import type { BackstopProvider as Row } from '../../../store/generated/client';
import { ACCOUNT_READERS, Reached } from '../../access/policy';
import { eventIn, Payload, PayloadType } from '../../mutation/payload';
import { mutations } from '../../mutation/table';
import { shortest } from '../../reading/amounts';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { Ref } from '../../reading/link';
import { byFlag, byId, list, resolversOf } from '../../reading/list';
import { Node } from '../../reading/node';
import { ascending } from '../../reading/page';
import { inSight } from '../../reading/scoped';
import { Amount, Flag, Id, Of, OPTIONAL, Rate } from '../../schema/fields';

@Reached()
@ObjectType({
  description:
    'A backstop provider: an account that must take over positions. Its amounts are in the ' +
    'currency of the account.',
  implements: Node,
})
export class BackstopProvider {
  @Ref('Account', 'The account.')
  accountId!: string;

  @Id('The instrument. Null means every instrument of the currency.', OPTIONAL)
  instrument!: string | null;

  @Id('Currency of the amounts.')
  currency!: string;

  @Amount('The total notional.')
  capacity!: string;

  @Amount('The notional that is left of it.')
  left!: string;

  @Rate('The discount from the mark. The provider with the lowest is asked first.')
  discount!: string;

  @Flag('Whether the agreement is in force.')
  active!: boolean;
}

/** Of a provider for every instrument of its currency. */
const ANY = '*';

function providerOf({ scope, ...row }: Row, { services }: Context): BackstopProvider {
  const { money } = services.amounts;
  return {
    ...row,
    instrument: scope === ANY ? null : scope,
    capacity: money(row.capacity, row.currency),
    left: money(row.left, row.currency),
    discount: shortest(row.discount),
  };
}

resolversOf(
  list({
    name: 'backstopProviders',
    key: { accountId: ({ accountId }) => accountId, scope: ({ instrument }) => instrument ?? ANY },
    description: 'The backstop providers that the caller may see, by account.',
    of: connectionOf('BackstopProvider', BackstopProvider, 'backstop providers'),
    access: ACCOUNT_READERS,
    table: 'BackstopProvider',
    order: ascending({ accountId: 'text', scope: 'text' }),
    filters: {
      account: byId('Only this account.', 'accountId'),
      active: byFlag('Only agreements in force, or only those that are not.'),
    },
    scope: ({ sight }) => [inSight(sight, 'accountId')],
    node: providerOf,
  }),
);

@PayloadType('The result of registering or deregistering a backstop provider.')
export class BackstopProviderPayload extends Payload {
  @Of(() => BackstopProvider, 'The provider after the command.', OPTIONAL)
  async provider(@Ctx() context: Context): Promise<BackstopProvider | null> {
    const done =
      eventIn(this.made, 'BackstopProviderRegistered')?.provider ?? eventIn(this.made, 'BackstopProviderDeregistered');
    if (!done) return null;
    const key = { accountId: done.account, scope: done.instrument ?? '*' };
    const row = await (await context.read()).db.backstopProvider.findUnique({ where: { accountId_scope: key } });
    return row && providerOf(row, context);
  }
}

mutations({
  RegisterBackstopProvider: BackstopProviderPayload,
  DeregisterBackstopProvider: BackstopProviderPayload,
});
