/** What is proposed by one person and approved by another. */

import type { Event } from '../../src/core/message/event';
import { type TestHouse } from './house';

/** Sends what needs a second person and approves it; the code of a refusal, or the events of the approval. */
export function proposed(house: TestHouse, command: Parameters<TestHouse['send']>[0]): [string] | Event[] {
  const first = house.try(command);
  if ('rejection' in first) return [first.rejection.code];
  const [proposal] = [...house.state.proposals.values()];
  if (!proposal) throw new Error('Nothing was proposed');
  return house.send(
    { type: 'ApproveProposal', proposal: proposal.id, hash: proposal.hash },
    { id: 'second', role: 'RISK_OFFICER', member: null },
  );
}
