/** Inputs of the mutations by which members are suspended and defaults are managed.  Rules: LCS-2, NE-5 */

import { ID, InputType } from 'type-graphql';
import { Keyed } from '../../mutation/keyed';
import { Side } from '../../position/position';
import { enumOf } from '../../schema/enums';
import { ABSENT, Amount, Id, Of, Rate, Span, Text, Whole } from '../../schema/fields';

@InputType({ description: 'A member, and why.' })
export class MemberStandingInput extends Keyed {
  @Id('The member.')
  member!: string;

  @Text('Why.')
  reason!: string;
}

@InputType({ description: 'Clients of a default, offered to a member.' })
export class PortClientsInput extends Keyed {
  @Id('The default.')
  default!: string;

  @Of(() => [ID], 'The accounts; every client that has not moved where left out.', ABSENT)
  accounts!: string[] | null;

  @Id('The member that is to take them.')
  toMember!: string;
}

@InputType({ description: 'An offer that is accepted.' })
export class AcceptPortInput extends Keyed {
  @Id('The offer.')
  port!: string;
}

@InputType({ description: 'An offer that is declined.' })
export class DeclinePortInput extends Keyed {
  @Id('The offer.')
  port!: string;

  @Text('Why.')
  reason!: string;
}

@InputType({ description: 'An order of the house for a default.' })
export class DefaultOrderInput extends Keyed {
  @Id('The default.')
  default!: string;

  @Id('The instrument.')
  instrument!: string;

  @Of(() => Side, 'Whether it buys or sells.')
  side!: 'BUY' | 'SELL';

  @Amount('Contracts, above zero.')
  size!: string;

  @Amount('No worse than this price, in the quote currency; any price where left out.', ABSENT)
  limit!: string | null;
}

@InputType({ description: 'Contracts of one instrument in a lot.' })
export class LotPositionInput {
  @Id('The instrument.')
  instrument!: string;

  @Amount('Contracts as the default holds them: long above zero, short below.')
  size!: string;
}

@InputType({ description: 'A lot: a share of every position, or a list of positions.' })
export class DefaultLotInput {
  @Rate('Share of every position; those of all lots sum to one.', ABSENT)
  share!: string | null;

  @Of(() => [LotPositionInput], 'Its positions; those of all lots add up to what the default holds.', ABSENT)
  positions!: LotPositionInput[] | null;
}

@InputType({ description: 'How the portfolio of a default is split.' })
export class SplitDefaultInput extends Keyed {
  @Id('The default.')
  default!: string;

  @Id('The currency.')
  currency!: string;

  @Of(() => [DefaultLotInput], 'The lots, 1 to 100, all by share or all by list.')
  lots!: DefaultLotInput[];
}

@InputType({ description: 'Lots of a default, offered to members by sealed bids.' })
export class AuctionDefaultInput extends Keyed {
  @Id('The default.')
  default!: string;

  @Id('The currency.')
  currency!: string;

  @Of(() => [ID], 'Members that may bid in the first round; everybody where left out.', ABSENT)
  invited!: string[] | null;

  @Whole('Members that have to bid for the round to count, at least 1.')
  minimumBidders!: number;

  @Rate('Share of the notional that the house pays at most for a lot to be taken.')
  reserve!: string;

  @Span('How long the round is open.')
  window!: number;
}

@InputType({ description: 'A sealed bid for a lot; another one takes its place.' })
export class BidForLotInput extends Keyed {
  @Id('The default.')
  default!: string;

  @Id('The currency.')
  currency!: string;

  @Whole('Number of the lot.')
  lot!: number;

  @Id('Account that is to take it.')
  account!: string;

  @Amount('Paid for the lot beside the mark, into escrow at once; below zero: what the account is to be paid.')
  amount!: string;
}

@InputType({ description: 'A cost of managing a default.' })
export class ChargeDefaultCostInput extends Keyed {
  @Id('The default.')
  default!: string;

  @Id('The currency.')
  currency!: string;

  @Amount('The cost, above zero, in the currency.')
  amount!: string;

  @Text('What it was for.')
  reason!: string;
}

@InputType({ description: 'A currency of a default whose portfolio is closed.' })
export class SettleDefaultInput extends Keyed {
  @Id('The default.')
  default!: string;

  @Id('The currency.')
  currency!: string;
}

export const DefaultOutcome = enumOf<'TERMINATED' | 'REINSTATED'>('DefaultOutcome', 'What becomes of the member.', {
  TERMINATED: 'It has left: it takes no risk any more, and may take along what is its own.',
  REINSTATED: 'It goes on.',
});

@InputType({ description: 'The end of a default.' })
export class CloseDefaultInput extends Keyed {
  @Id('The default.')
  default!: string;

  @Of(() => DefaultOutcome, 'What becomes of the member.')
  outcome!: 'TERMINATED' | 'REINSTATED';

  @Text('Why.')
  reason!: string;
}
