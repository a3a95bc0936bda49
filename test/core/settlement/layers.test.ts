/**
 * Random waterfalls: whatever the policy and whatever stands in its layers, their order is never broken and every unit
 * is accounted for.  B3-1, SL-1
 */

import fc from 'fast-check';
import { audit } from '../../../src/core/engine/audit';
import { digestOf } from '../../../src/core/engine/digest';
import { applyEntry } from '../../../src/core/engine/execute';
import { createState } from '../../../src/core/engine/genesis';
import type { LossLayer } from '../../../src/core/model/policy';
import { groupsOf } from '../../../src/core/settlement/waterfall/bear';
import { openAccount, trade } from '../../support/given';
import { ofType } from '../../support/house';
import { fallen, given, lossPolicy } from '../../support/waterfall';

const FUNDED: readonly LossLayer[] = [
  'MEMBER_COLLATERAL',
  'DEFAULTER_FUND',
  'INSURANCE_FUND',
  'HOUSE_CAPITAL',
  'DEFAULT_FUND',
  'HOUSE_TRANCHE_2',
  'HOUSE_FURTHER',
  'BACKSTOP_POOL',
  'ASSESSMENTS',
];
const amount = fc.integer({ min: 0, max: 20_000 }).map((cents) => (cents / 100).toFixed(2));

const policyOf = fc
  .record({
    order: fc.shuffledSubarray([...FUNDED, 'GAINS_HAIRCUT' as const, 'DELEVERAGING' as const], { minLength: 1 }),
    margin: fc.boolean(),
    owner: fc.boolean(),
    socialized: fc.boolean(),
    from: fc.nat(10),
    length: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ order, margin, owner, socialized, from, length }) => {
    const group = order.slice(from, from + length).filter((layer) => FUNDED.includes(layer));
    const joined = group.length > 1 && group.length === order.slice(from, from + length).length;
    const layers: LossLayer[] = [
      ...(margin ? ['DEFAULTER_MARGIN' as const] : []),
      ...(owner ? ['OWNER_COLLATERAL' as const] : []),
      ...order,
      ...(socialized ? ['SOCIALIZED_LOSS' as const] : []),
    ];
    return lossPolicy(layers, joined ? { together: [group] } : {});
  });

const positive = (text: string): string | undefined => (Number(text) > 0 ? text : undefined);

test('B3-1 SL-1 the order is never broken, splits sum, no fund falls below nothing, nothing is made or lost, and ' +
  'a replay says the same', () => {
  fc.assert(
    fc.property(
      policyOf,
      fc.record({
        fund: amount,
        capital: amount,
        tranche2: amount,
        further: amount,
        own: amount,
        m1: amount,
        m2: amount,
        house: amount,
        owner: amount,
        pool: amount,
      }),
      fc.array(fc.integer({ min: 81, max: 600 }), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (policy, money, falls, pays) => {
        const paid = Object.entries({ broker: money.own, m1: money.m1, m2: money.m2 }).filter(([, text]) =>
          positive(text),
        );
        const house = given({
          policy,
          own: '80',
          ...Object.fromEntries(Object.entries(money).filter(([name, text]) => name !== 'own' && positive(text))),
          contributions: Object.fromEntries(paid),
          winners: { w: '0.7', v: '0.3' },
        });
        openAccount(house, 'house-of-broker', positive(money.house), { kind: 'HOUSE' });
        openAccount(house, 'other', positive(money.owner), { owner: 'bad' });
        openAccount(house, 'x', '1000');
        if (positive(money.pool))
          house.send({
            type: 'ContributeToBackstopPool',
            account: 'x',
            amount: String(Math.min(900, Number(money.pool))),
          });
        openAccount(house, 'worse', '40');
        trade(house, 'worse', 'w', '0.5', '1000');
        for (const by of falls) fallen(house, String(by));
        if (pays)
          for (const { id, amount: due } of [...house.state.fundCalls.values()])
            house.send({ type: 'PayDefaultFundCall', call: id, amount: (Number(due) / 100).toFixed(2) });
        else house.pass('4d');

        const groups = groupsOf({ layers: policy.layers, together: policy.together ?? [] });
        const events = house.entries.flatMap(({ outcome }) => ('events' in outcome ? outcome.events : []));
        const cases = [
          ...ofType(events, 'LossAllocated').flatMap((event) => event.cases),
          ...ofType(events, 'AssessmentsClosed').map((event) => event.case),
        ];
        for (const one of cases) {
          expect(one.layers.reduce((sum, { used }) => sum + used, 0n)).toBe(one.loss);
          for (const layer of one.layers) {
            expect(layer.available).toBe(layer.used + layer.left);
            expect(layer.left >= 0n && layer.used >= 0n).toBe(true);
            const claimed = one.claims
              .filter((claim) => claim.layer === layer.layer)
              .reduce((sum, claim) => sum + claim.amount, 0n);
            if (layer.layer !== 'UNALLOCATED' && layer.layer !== 'DEFAULTER_MARGIN') expect(claimed).toBe(layer.used);
          }
          const leftOf = (layer: string): bigint => one.layers.find((use) => use.layer === layer)?.left ?? 0n;
          const usedOf = (layer: string): bigint => one.layers.find((use) => use.layer === layer)?.used ?? 0n;
          groups.forEach((group, i) => {
            // What was asked and not paid is no capacity any more; a policy may name it anywhere.
            const before = groups
              .slice(0, i)
              .flat()
              .filter((layer) => layer !== 'ASSESSMENTS');
            if (group.some((layer) => usedOf(layer) > 0n))
              expect(before.every((layer) => leftOf(layer) === 0n)).toBe(true);
          });
        }
        for (const [name, held] of house.state.ledger) {
          if (/^(insurance|house|default-fund|backstop)/.test(name)) expect(held >= 0n).toBe(true);
        }
        audit(house.state);
        const again = createState();
        for (const entry of house.entries) applyEntry(again, entry);
        expect(digestOf(again)).toBe(digestOf(house.state));
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);
