/** Backstop providers: accounts bound to take positions over at a discount from the mark, up to a notional.  Rule: LI-4 */

import { Ctx, ObjectType } from 'type-graphql';
import type { BackstopProvider as Row } from '../../../store/generated/client';
import { ACCOUNT_READERS, Reached } from '../../access/policy';
import { eventIn, Payload, PayloadType } from '../../mutation/payload';
import { mutations } from '../../mutation/table';
import { shortest } from '../../reading/amounts';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { byFlag, byId, list, resolversOf } from '../../reading/list';
import { ascending } from '../../reading/page';
import { inSight } from '../../reading/scoped';
import { Amount, Flag, Id, Of, OPTIONAL, Rate } from '../../schema/fields';

@Reached()
@ObjectType({ description: 'An account that is bound to take positions over. Its amounts are in the currency of the account.' })
export class BackstopProvider {
  @Id('The account.')
  accountId!: string;

  @Id('The instrument; null: every one of the currency.', OPTIONAL)
  instrument!: string | null;

  @Id('Currency of its amounts.')
  currency!: string;

  @Amount('Notional in all.')
  capacity!: string;

  @Amount('Notional that is left of it.')
  left!: string;

  @Rate('Discount from the mark. The lowest is asked first.')
  discount!: string;

  @Flag('Whether it is bound now.')
  active!: boolean;
}

function providerOf({ scope, ...row }: Row, { services }: Context): BackstopProvider {
  const { money } = services.amounts;
  return {
    ...row,
    instrument: scope === '*' ? null : scope,
    capacity: money(row.capacity, row.currency),
    left: money(row.left, row.currency),
    discount: shortest(row.discount),
  };
}

export const BackstopProviderQueries = resolversOf(
  list({
    name: 'backstopProviders',
    description: 'Backstop providers by account, as far as the caller may see them.',
    of: connectionOf('BackstopProvider', BackstopProvider, 'backstop providers'),
    access: ACCOUNT_READERS,
    table: 'BackstopProvider',
    order: ascending({ accountId: 'text', scope: 'text' }),
    filters: {
      account: byId('This account only.', 'accountId'),
      active: byFlag('Only those bound now, or only those that are not.'),
    },
    scope: ({ sight }) => [inSight(sight, 'accountId')],
    node: providerOf,
  }),
);

@PayloadType('What came of binding a backstop provider, or of letting it go.')
export class BackstopProviderPayload extends Payload {
  @Of(() => BackstopProvider, 'The provider as it is now.', OPTIONAL)
  async provider(@Ctx() context: Context): Promise<BackstopProvider | null> {
    const done = eventIn(this.made, 'BackstopProviderRegistered')?.provider ?? eventIn(this.made, 'BackstopProviderDeregistered');
    if (!done) return null;
    const key = { accountId: done.account, scope: done.instrument ?? '*' };
    const row = await (await context.read()).db.backstopProvider.findUnique({ where: { accountId_scope: key } });
    return row && providerOf(row, context);
  }
}

export const BackstopProviderMutations = mutations({
  RegisterBackstopProvider: BackstopProviderPayload,
  DeregisterBackstopProvider: BackstopProviderPayload,
});
