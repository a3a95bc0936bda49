import { ofType } from '../../support/house';
import { broker, byTwo, officer } from '../../support/ladder';
import { fallen, fill, onlyOf } from '../../support/liquidation';

/** `alice`, 1.5 closed for a fee of 375 of which the fund has 225 and the house 150. */
function ended() {
  const house = fallen({ terms: { feeShares: { liquidator: '0', fund: '0.6', house: '0.4' } } });
  house.pass('1h');
  const { liquidation } = onlyOf(fill(house, '50000', '1.5'), 'LiquidationEnded');
  return { house, liquidation };
}

test('LP-5 upheld by two, the charges come back from those who got them, the largest first, and only once', () => {
  const { house, liquidation } = ended();
  const before = house.state.book.balance('alice', 'USD');
  const dispute = { type: 'DisputeLiquidation', liquidation, reason: 'a bad print' } as const;
  expect(house.refusal(dispute, broker('other'))).toBe('LIQUIDATION_NOT_FOUND');
  const { dispute: made } = onlyOf(house.send(dispute, broker('broker')), 'LiquidationDisputed');
  expect(house.refusal(dispute, broker('broker'))).toBe('LIQUIDATION_DISPUTED');
  const events = byTwo(house, { type: 'RuleOnLiquidationDispute', dispute: made.id, upheld: true, reason: 'it was' });
  const [ruled] = ofType(events, 'LiquidationDisputeRuled');
  expect(ruled?.transfers.map(({ from, amount }) => [from, amount])).toEqual([
    ['insurance-fund', 22_500n],
    ['house-fees', 15_000n],
  ]);
  expect(house.state.book.balance('alice', 'USD') - before).toBe(37_500n);
  expect(house.refusal(dispute, broker('broker'))).toBe('LIQUIDATION_NOT_FOUND');
});

test('LP-5 rejected by one it gives nothing back, and after its time nothing is disputed', () => {
  const { house, liquidation } = ended();
  const { dispute } = onlyOf(
    house.send({ type: 'DisputeLiquidation', liquidation, reason: 'no' }),
    'LiquidationDisputed',
  );
  const ruling = {
    type: 'RuleOnLiquidationDispute',
    dispute: dispute.id,
    upheld: false,
    reason: 'it was right',
  } as const;
  expect(onlyOf(house.send(ruling, officer('first')), 'LiquidationDisputeRuled').transfers).toEqual([]);
  expect(house.refusal(ruling, officer('first'))).toBe('DISPUTE_NOT_FOUND');
  const late = ended();
  late.house.pass('7d');
  expect(late.house.refusal({ type: 'DisputeLiquidation', liquidation: late.liquidation, reason: 'late' })).toBe(
    'LIQUIDATION_NOT_FOUND',
  );
});
