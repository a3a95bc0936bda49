/**
 * The health of accounts whenever it has changed enough to matter. This is state, not history: what a slow reader
 * missed in between is of no interest, so it always gets the newest, computed by the engine itself.  Rule: AH-4
 */

import { Arg, Args, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { Health } from '../../core/margin/health';
import type { AccountId } from '../../core/model/account';
import type { Seq } from '../../units/quantity';
import { compareRatios, type Ratio as Fraction, parseRatio } from '../../units/ratio';
import { ACCOUNT_READERS, Access, Reached } from '../access/policy';
import { seesAccount } from '../access/sight';
import { badInput } from '../error/problem';
import type { Look } from '../live/looks';
import type { Context } from '../reading/context';
import { Ref } from '../reading/link';
import { Ratio } from '../scalar/ratio';
import { Of, OPTIONAL, Takes } from '../schema/fields';
import { openPosition, sealPosition, streamMark } from '../subscription/cursor';
import { type Delivery, type Kind, NOTHING } from '../subscription/delivery';
import { StreamArgs, StreamMessage } from '../subscription/message';
import { checkBeginning, stoppable } from '../subscription/open';
import { AccountHealth, healthShown } from './health';

@Reached()
@ObjectType({
  description: 'The health of an account. Messages are states, so their `seq` may jump. `streamSeq` does not.',
  implements: StreamMessage,
})
export class AccountHealthMessage extends StreamMessage {
  @Ref('Account', 'The account. Null for a heartbeat.', OPTIONAL)
  accountId!: string | null;

  @Of(() => AccountHealth, 'The health at this entry. A query as of the same entry gives the same.', OPTIONAL)
  health!: AccountHealth | null;
}

type HealthArgs = StreamArgs & { accounts: string[]; minimumChange: string };

const MOST_ACCOUNTS = 100;

/** Errors: BAD_USER_INPUT. */
function streamHealth(context: Context, args: HealthArgs): AsyncIterable<Delivery> {
  const { accounts, minimumChange, after, snapshot } = args;
  checkBeginning(args);
  if (accounts.length === 0 || accounts.length > MOST_ACCOUNTS)
    throw badInput(`\`accounts\` takes 1 to ${MOST_ACCOUNTS} ids.`);
  const threshold = parseRatio(minimumChange);
  if (threshold.numerator < 0n) throw badInput('`minimumChange` is not below zero.');
  const mark = streamMark('accountHealth', [[...accounts].sort(), minimumChange, context.sight]);
  const count = after === null ? 0 : openPosition(mark, after).count;
  const begin = snapshot ? 'STATE' : after === null ? 'SILENT' : 'EVENT';
  return stoppable((stopped) => watch(context, { accounts, threshold, mark, count, begin }, stopped));
}

interface Plan {
  readonly accounts: readonly AccountId[];
  readonly threshold: Fraction;
  readonly mark: string;
  readonly count: number;
  readonly begin: 'STATE' | 'EVENT' | 'SILENT'; // what the first look at the accounts is
}

async function* watch({ services, sight }: Context, plan: Plan, stopped: AbortSignal): AsyncGenerator<Delivery> {
  const { pulse, limits, house, looks, directory } = services;
  const shown = new Map<AccountId, Health>();
  let count = plan.count;
  let seen: Seq = -1;
  let beat = Date.now();
  const delivery = (kind: Kind, { seq, at }: Omit<Look, 'health'>, subject: string, says: () => object): Delivery => {
    const cursor = kind === 'STATE' ? null : sealPosition(plan.mark, { after: seq, done: 0, count });
    return { kind, seq, at, subject, says, cursor, streamSeq: count };
  };
  for (let begin: Plan['begin'] | null = plan.begin; !stopped.aborted && !pulse.stopped; ) {
    if (pulse.seq > seen) {
      const look = await looks.after(
        seen,
        plan.accounts.filter((id) => seesAccount(sight, directory, id)),
      );
      seen = look.seq;
      for (const figures of look.health) {
        const before = shown.get(figures.account);
        if (before && !hasChanged(before, figures, plan.threshold)) continue;
        shown.set(figures.account, figures);
        if (begin === 'SILENT') continue;
        if (begin !== 'STATE') count += 1;
        const says = () => ({ accountId: figures.account, health: healthShown(figures, look.seq, services) });
        yield delivery(begin ?? 'EVENT', look, figures.account, says);
        beat = Date.now();
      }
      if (begin === 'STATE') yield delivery('HEARTBEAT', look, '', NOTHING);
      begin = null;
      // A pause lets many commits be one look.
      await pulse.rest(limits.healthIntervalMs, stopped);
    }
    const left = limits.heartbeatMs - (Date.now() - beat);
    if (left > 0) await pulse.next(seen, left, stopped);
    if (Date.now() - beat < limits.heartbeatMs || stopped.aborted) continue;
    yield delivery('HEARTBEAT', { seq: seen, at: house.status().now }, '', NOTHING);
    beat = Date.now();
  }
}

const WATCHED = ['equity', 'initial', 'maintenance', 'freeCollateral'] as const;

/** Whether anything that matters has changed by more than the threshold, as a share of what was shown last. */
export function hasChanged(before: Health, now: Health, threshold: Fraction): boolean {
  if (before.status !== now.status || before.openCall !== now.openCall || before.stale !== now.stale) return true;
  return WATCHED.some((field) => {
    const [was, is] = [before[field] as bigint, now[field] as bigint];
    const move = is > was ? is - was : was - is;
    const size = was < 0n ? -was : was;
    // From nothing any move is more than any share.
    return size === 0n ? move > 0n : compareRatios({ numerator: move, denominator: size }, threshold) > 0;
  });
}

@Resolver()
export class AccountHealthStream {
  @Access(...ACCOUNT_READERS)
  @Subscription(() => AccountHealthMessage, {
    subscribe: ({ args, context }) => streamHealth(context, args),
    description:
      'The health of accounts, sent when it changes. A change of status, open call or staleness is ' +
      'sent at once. Equity, requirements and free collateral are sent when they have moved by ' +
      'more than `minimumChange` since the last message. After a cursor every account is sent once ' +
      'at the start.',
  })
  accountHealth(
    @Takes(
      'accounts',
      () => [ID],
      'The accounts, 1 to 100. Accounts that the caller may not see are left out without a sign.',
    )
    _accounts: string[],
    @Arg('minimumChange', () => Ratio, {
      defaultValue: '0',
      description: 'A figure is sent again when it has moved by this share. 0 sends every change.',
    })
    _minimumChange: string,
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: AccountHealthMessage,
  ): AccountHealthMessage {
    return message;
  }
}
