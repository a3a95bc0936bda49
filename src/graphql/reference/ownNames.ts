/**
 * The names a broker may give: within its member, as `<member>/…`. A name chosen freely would tell by being refused
 * that another member has it, and an owner chosen freely would be measured together with another member's client. An
 * administrator gives any name, as where one person has accounts at two members.  Rule: X-5
 */

import { problem } from '../error/problem';
import type { Context } from '../reading/context';

/** Errors: BAD_USER_INPUT. */
export async function checkOwnNames(
  { sight, services }: Context,
  named: { account: string | null; owner: string },
): Promise<void> {
  const { account, owner } = named;
  if (sight.accounts !== 'MEMBER') return;
  const within = `${sight.member}/`;
  const refuse = (field: string) =>
    problem('BAD_USER_INPUT', `A broker gives names within its member: "${within}…".`, { path: `input.${field}` });
  if (account !== null && !account.startsWith(within)) throw refuse('account');
  if (owner.startsWith(within)) return;
  // An owner it has already, however that one was named. The house is asked: the rows may not have it yet.
  const known = await services.house.serves({ member: sight.member, owner });
  if (!known.serves) throw refuse('owner');
}
