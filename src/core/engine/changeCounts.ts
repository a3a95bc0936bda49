/** The pass that counts whom a change of terms would call goes on, and what came through it is made.  Ruling 12 */

import { effectProblem, isAtShortNotice, isForLater, nowOrLater, scheduleChange } from '../control/change';
import { advanceCount, countedNow, countSlice, isFresh, isUnderShare, nextToCount, notBegun } from '../control/counted';
import { commandOf, refuseProposal } from '../control/proposal';
import { proposedTerms } from '../control/proposedTerms';
import type { Desk } from '../message/desk';
import { handlerOf } from './commands';

/**
 * The next accounts of the first count. The command is checked again with each of them, against the house as it is
 * then. What has been refused is refused on the record; what one person may no longer do waits for a second one.
 */
export function advanceChangeCounts(desk: Desk): void {
  const { view } = desk;
  const proposal = nextToCount(view);
  const begun = proposal && view.changeCounts.get(proposal.id);
  if (!begun) return;
  const command = nowOrLater(commandOf(proposal), view.now);
  const handler = handlerOf(command.type as Parameters<typeof handlerOf>[0]);
  const checked = handler.check(view, command, desk.actor, desk.at);
  const rejection = checked.rejection ?? effectProblem(view, command);
  if (rejection) {
    refuseProposal(desk, proposal, rejection);
    return;
  }
  const terms = proposedTerms(view, command, checked.ok);
  const count = countSlice(view, terms, isFresh(view, begun) ? begun : notBegun(view.now));
  if (count.next > 0) {
    advanceCount(desk, proposal, count);
    return;
  }
  const counted = countedNow(view, count);
  desk.emit({ type: 'ChangeCounted', proposal: proposal.id, count: counted });
  const needsSecond = handler.secondPerson(view, command, checked.ok, desk.actor) || isAtShortNotice(view, command);
  if (needsSecond || !isUnderShare(view, command, counted)) return;
  desk.emit({ type: 'ProposalCarriedOut', proposal: proposal.id });
  if (isForLater(command, desk.at)) scheduleChange(desk, command, proposal.proposedBy);
  else handler.run({ ...desk, cause: handler.cause }, checked.ok);
}
