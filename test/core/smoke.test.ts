import { typesOf, ofType } from '../support/house';
import { classicPolicy, mark, onePerpetual, openAccount, pay, trade } from '../support/given';
import { standingOfAccount } from '../../src/core/margin/standing';
import { digestOf } from '../../src/core/engine/digest';

test('B1-1 a fall below maintenance margin opens a call in the same entry', () => {
  const house = onePerpetual({ lot: '0.1', policy: classicPolicy({ feeRate: '0.005' }) });
  openAccount(house, 'maker', '100000000');
  openAccount(house, 'alice', '25000');
  trade(house, 'alice', 'maker', '10', '50000');
  expect(house.state.book.stateOf('alice').status).toBe('HEALTHY');
  const events = mark(house, '48600');
  console.log(typesOf(events), standingOfAccount(house.state, 'alice').equity);
  const e2 = house.pass('1h');
  console.log(typesOf(e2), JSON.stringify(ofType(e2, 'LiquidationOrderIssued'), (_k, v) => typeof v === 'bigint' ? v.toString() : v));
  const e3 = house.pass('1m');
  console.log(typesOf(e3));
  console.log(JSON.stringify(e3, (_k, v) => typeof v === 'bigint' ? v.toString() : v));
  console.log(digestOf(house.state));
  pay(house, 'alice', '1.00');
});
