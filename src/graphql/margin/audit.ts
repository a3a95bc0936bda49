/** Auditing the watch over prices on demand.  Rules: RLM-2, RMR-1 */

import { Arg, Ctx, ObjectType, Query, Resolver } from 'type-graphql';
import { Access, Reached, STAFF } from '../access/policy';
import type { Context } from '../reading/context';
import { SeqNo, When, Whole } from '../schema/fields';

@Reached()
@ObjectType({ description: 'What an audit came to: no account was to be acted on while nobody was going to.' })
export class WatchAudit {
  @SeqNo('Journal entry at which it ended.')
  seq!: number;

  @When('House time of that entry.')
  at!: number;

  @Whole('Accounts revalued.')
  accounts!: number;

  @Whole('Of these, accounts decided in integers: all, or those that floats leave in doubt.')
  doubtful!: number;

  @Whole('How long it took, in milliseconds, while the house went on.')
  tookMs!: number;
}

@Resolver()
export class AuditQueries {
  @Access(...STAFF)
  @Query(() => WatchAudit, {
    complexity: 1000,
    description:
      'Revalues every account, between commands, and compares with what the watch over prices vouches for. The house does so by itself all ' +
      'the time; an account that was missed stops it with a report.',
  })
  async auditWatch(
    @Arg('exact', () => Boolean, { description: 'Everything in integers, trusting no float: slow in a large house.', defaultValue: false })
    exact: boolean,
    @Ctx() { services }: Context,
  ): Promise<WatchAudit> {
    const { seq, at, accounts, doubtful, tookMs } = await services.house.audit({ exact });
    return { seq, at, accounts, doubtful, tookMs: Math.ceil(tookMs) };
  }
}
