import type { RungInput } from '../../src/core/message/ladderCommands';
import { expectSoundBooks } from './agreement';
import { type DeleveragingHouse, deleveragingHouse } from './deleveraging';
import { classicPolicy, flatTiers, openAccount, trade } from './given';
import { type TestHouse } from './house';
import { setLadder } from './rungs';
import { expectReplays, expectTwins, restored } from './twin';

export interface Given extends DeleveragingHouse {
  readonly rungs: readonly RungInput[];
  readonly shorts?: Readonly<Record<string, readonly [contracts: string, deposit: string]>>;
  readonly owner?: string;
}

/**
 * `alice` buys at 52,000 from those who are short, with 31,000: at 50,000 she has 11,000 against 12,500 if she holds
 * ten.
 */
export function given({ rungs, shorts = { bob: ['10', '900000'] }, owner = 'alice', ...house }: Given): TestHouse {
  const made = deleveragingHouse({
    price: '52000',
    tiers: flatTiers('0.05', '0.025'),
    policy: classicPolicy({ feeRate: '0.005' }),
    ...house,
  });
  openAccount(made, 'maker', '900000000');
  openAccount(made, 'idle', '777');
  openAccount(made, 'alice', '31000', { owner });
  for (const [id, [contracts, deposit]] of Object.entries(shorts)) {
    openAccount(made, id, deposit, id.startsWith('alice') ? { owner } : {});
    trade(made, 'alice', id, contracts, '52000');
  }
  setLadder(made, rungs);
  return made;
}
export const sound = (house: TestHouse): void => {
  expectSoundBooks(house.state);
  expectReplays(house.state, house.entries);
  expectTwins(restored(house.state), house.state);
};
