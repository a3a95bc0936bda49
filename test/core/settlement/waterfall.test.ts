/** The default waterfall as configuration: the order of layers, what each has, who pays in it, and claims that come back. */

import fc from 'fast-check';
import type { SetLossPolicy } from '../../../src/core/message/reference';
import type { LayerUse } from '../../../src/core/model/liquidation';
import type { LossLayer } from '../../../src/core/model/policy';
import { coverBefore } from '../../../src/core/settlement/waterfall/cover';
import { classicPolicy, flatTiers, mark, onePerpetual, openAccount, trade } from '../../support/given';
import type { TestHouse } from '../../support/house';
import { onlyOf } from '../../support/liquidation';

const ledgerOf = (house: TestHouse, name: string): bigint => house.state.ledger.get(`${name} USD`) ?? 0n;
const textOf = ({ layer, available, used, left }: LayerUse): string => `${layer} ${available} ${used} ${left}`;

const policy = (layers: readonly LossLayer[], fields: Partial<SetLossPolicy> = {}): SetLossPolicy => ({
  type: 'SetLossPolicy',
  currency: 'USD',
  layers,
  base: 'GAINS',
  period: 86_400_000,
  fundTarget: '0',
  ...fields,
});

const FUND_POLICY = {
  type: 'SetDefaultFundPolicy' as const,
  currency: 'USD',
  moves: [],
  floor: '0',
  threshold: '1',
  feeShare: '1',
  multiple: '2',
  cappedWindow: 5 * 86_400_000,
  coolingOffWindow: 10 * 86_400_000,
  within: 1,
  weekend: ['SATURDAY', 'SUNDAY'] as const,
  holidays: [],
  computedAt: 0,
};

interface Given {
  readonly policy: SetLossPolicy;
  readonly capital?: string;
  readonly fund?: string;
  readonly tranche2?: string;
  readonly further?: string;
  readonly contributions?: Readonly<Record<string, string>>;
  readonly own?: string; // margin of the defaulter
  readonly multiple?: string;
}

/** `bad` of `broker` is long one contract at 50,000 against `w` of member `m1`; a fall by 1 loses 1. */
function given({ policy: loss, capital, fund, tranche2, further, contributions = {}, own = '1100', multiple = '2' }: Given): TestHouse {
  const house = onePerpetual({ tiers: flatTiers('0.02', '0.01'), policy: classicPolicy() });
  for (const member of ['m1', 'm2', 'm3']) house.send({ type: 'AdmitMember', member, name: member });
  house.send({ ...FUND_POLICY, multiple });
  house.send(loss);
  const pay = (type: 'HOUSE_TRANCHE_2' | 'HOUSE_FURTHER', amount?: string) =>
    amount && house.send({ type: 'ContributeHouseTranche', tranche: type, currency: 'USD', amount });
  pay('HOUSE_TRANCHE_2', tranche2);
  pay('HOUSE_FURTHER', further);
  if (capital) house.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: capital });
  if (fund) house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: fund, source: 'EXTERNAL' });
  for (const [member, amount] of Object.entries(contributions))
    house.send({ type: 'ContributeToDefaultFund', member, currency: 'USD', amount });
  openAccount(house, 'bad', own);
  openAccount(house, 'w', '900000', { member: 'm1' });
  trade(house, 'bad', 'w', '1', '50000');
  return house;
}

/** Falls by so much, in dollars, and returns the one case. */
function fall(house: TestHouse, by: string) {
  const event = onlyOf(mark(house, String(50_000 - Number(by))), 'LossAllocated');
  const [one] = event.cases;
  if (!one) throw new Error('No case');
  return { one, event };
}

describe('LCS-4 layers of a clearing house', () => {
  test("C01 B3-1 a loss of 2,750: the defaulter's 1,100 and 300, the house 250, the survivors 1,100 of 2,000, no assessment", () => {
    // The published figures, 275 with 80, 30, 25, 200 and 100, in tenths but for the margin, which has to open the position.
    const house = given({
      policy: policy(['DEFAULTER_MARGIN', 'DEFAULTER_FUND', 'HOUSE_CAPITAL', 'DEFAULT_FUND', 'ASSESSMENTS']),
      own: '1100',
      capital: '250',
      contributions: { broker: '300', m1: '1500', m2: '500' },
      multiple: '0.5',
    });
    const { one } = fall(house, '2750');
    expect(one.loss).toBe(275_000n);
    expect(one.layers.map(textOf)).toEqual([
      'DEFAULTER_MARGIN 110000 110000 0',
      'DEFAULTER_FUND 30000 30000 0',
      'HOUSE_CAPITAL 25000 25000 0',
      'DEFAULT_FUND 200000 110000 90000',
      'ASSESSMENTS 100000 0 100000',
    ]);
    expect(one.claims.filter(({ layer }) => layer === 'DEFAULT_FUND').map(({ claimant, amount }) => [claimant, amount])).toEqual([
      ['default-fund/m1', 82_500n],
      ['default-fund/m2', 27_500n],
    ]);
    expect(ledgerOf(house, 'default-fund/m1')).toBe(67_500n);
  });
});
void [fc, coverBefore];
