/** Houses with an inverse contract: XBT-USD, a dollar a contract, settled in bitcoin. */

import type { TierInput } from '../../src/core/message/tierInputs';
import { classicPolicy, definePerpetual, flatTiers } from './given';
import { createTestHouse, type TestHouse } from './house';

export interface Inverse {
  readonly price?: string;
  readonly interval?: number | null;
  readonly tiers?: TierInput[];
  readonly expiry?: number;
  readonly takerFee?: string;
}

export const INVERSE = 'XBT-USD';

export function defineInverse(house: TestHouse, given: Inverse = {}): void {
  const { expiry = null } = given;
  house.send({
    type: 'DefineInstrument',
    instrument: INVERSE,
    kind: expiry === null ? 'PERPETUAL' : 'FUTURE',
    contract: 'INVERSE',
    ...{ base: 'BTC', quote: 'USD', settlement: 'BTC', tick: '0.5', lot: '1', multiplier: '1' },
    index: null,
    markMethod: 'VENUE',
    markBand: null,
    priceBand: null,
    heartbeat: 604_800_000,
    allowsNonPositivePrice: false,
    ...{ expiry, variationInterval: given.interval === undefined ? 31_536_000_000 : given.interval },
    ...{ makerFee: '0', takerFee: given.takerFee ?? '0' },
  });
  house.send({
    type: 'SetTierSchedule',
    instrument: INVERSE,
    tiers: given.tiers ?? flatTiers('0.01', '0.005'),
    effectiveAt: null,
  });
  const price = given.price ?? '10000';
  house.send({
    type: 'SubmitMarkPrices',
    source: 'venue',
    prices: [{ instrument: INVERSE, price, bid: null, ask: null, observedAt: null }],
  });
}

/** The inverse contract beside a linear one, members and a policy in bitcoin. */
export function inverseHouse(given: Inverse = {}): TestHouse {
  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  house.send(classicPolicy());
  house.send(classicPolicy({}, { policy: 'coin', currency: 'BTC' }));
  house.send({ type: 'AdmitMember', member: 'broker', name: 'A broker' });
  definePerpetual(house, 'BTC-PERP');
  defineInverse(house, given);
  return house;
}

export function openCoins(house: TestHouse, account: string, deposit: string, owner = account): void {
  house.send({
    ...{ type: 'OpenAccount', account, member: 'broker', owner, kind: 'CLIENT', currency: 'BTC' },
    ...{ policy: 'coin', mode: 'CROSS', instrument: null },
  });
  house.send({ type: 'DepositCollateral', account, currency: 'BTC', amount: deposit });
}
