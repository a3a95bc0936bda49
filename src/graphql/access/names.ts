/**
 * The names a broker may give: within its member, as `<member>/…`. A name chosen freely would tell by being refused that
 * another member has it, and an owner chosen freely would be measured together with another member's client. An
 * administrator gives any name, as where one person has accounts at two members.  Rule: X-5
 */

import type { Context } from '../context';
import { problem } from '../error/problem';

/** Errors: BAD_USER_INPUT. */
export async function checkOwnNames(context: Context, { account, owner }: { account: string | null; owner: string }): Promise<void> {
  const { sight } = context;
  if (sight.accounts !== 'MEMBER') return;
  const within = `${sight.member}/`;
  const refuse = (field: string) =>
    problem('BAD_USER_INPUT', `A broker gives names within its member: "${within}…".`, { path: `input.${field}` });
  if (account !== null && !account.startsWith(within)) throw refuse('account');
  if (owner.startsWith(within)) return;
  // An owner it has already, however that one was named.
  const known = await (await context.read()).db.account.findFirst({ where: { memberId: sight.member, owner }, select: { id: true } });
  if (!known) throw refuse('owner');
}
