/** The life of a house whose liquidations go down a ladder, in which everything happens that can happen on one. */

import type { Event } from '../../src/core/message/event';
import { mark, openAccount, trade } from './given';
import { ofType, type TestHouse } from './house';
import { broker, byTwo } from './ladder';
import { fallen, openOrders } from './liquidation';
import { liquidator, offerOf, provider, rungOf, setLadder } from './rungs';

const orderOf = (house: TestHouse, account = 'alice'): string => openOrders(house, account)[0]?.id ?? '';

/** Each holds ten contracts that fall by 2,000: 11,000 of equity against 12,500. */
export function ladderLife(): TestHouse {
  const house = fallen({
    terms: {
      feeShares: { liquidator: '0.3', fund: '0.5', house: '0.2' },
      penaltyTiers: [{ floor: '0', rate: '0.001' }],
      severityTiers: [{ below: '0.9', rate: '0.001' }],
    },
  });
  for (const name of ['bob', 'cid', 'dee']) openAccount(house, name, '11000');
  house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '50000', source: 'EXTERNAL' });
  for (const name of ['lee', 'moe', 'ned']) liquidator(house, name);
  house.send({ type: 'DeregisterLiquidator', account: 'ned' });
  provider(house, 'pat', '60000', '0.002');
  provider(house, 'quo', '100', '0.001');
  house.send({ type: 'DeregisterBackstopProvider', account: 'quo', instrument: null });
  const offer = offerOf({
    flat: '5',
    startRate: '0.001',
    ratePerSecond: '0.0001',
    maximumRate: '0.004',
    claimWindow: 5_000,
  });
  setLadder(house, [
    rungOf('VENUE', { marketCap: '40000' }),
    rungOf('LIQUIDATORS', { offer }),
    rungOf('BACKSTOP'),
    rungOf('HOUSE'),
  ]);
  setLadder(house, [rungOf('LIQUIDATORS', { offer }), rungOf('BACKSTOP'), rungOf('HOUSE')], 'BTC-PERP');
  house.pass('1h');
  // alice: claimed by one who does nothing, taken in two parts by another; disputed, and upheld.
  house.send({ type: 'ClaimLiquidation', order: orderOf(house), account: 'lee' });
  house.pass('5s');
  house.send({ type: 'ClaimLiquidation', order: orderOf(house), account: 'moe' });
  house.send({ type: 'TakeLiquidation', order: orderOf(house), account: 'moe', size: '0.3' });
  const events = house.send({ type: 'TakeLiquidation', order: orderOf(house), account: 'moe', size: null });
  disputed(house, events, true);
  othersFall(house);
  return house;
}

function disputed(house: TestHouse, events: readonly Event[], upheld: boolean): void {
  const [ended] = ofType(events, 'LiquidationEnded');
  const reason = 'a bad print';
  const disputes = house.send(
    { type: 'DisputeLiquidation', liquidation: ended?.liquidation ?? '', reason },
    broker('broker'),
  );
  const dispute = ofType(disputes, 'LiquidationDisputed')[0]?.dispute.id ?? '';
  const ruling = { type: 'RuleOnLiquidationDispute', dispute, upheld, reason: 'looked at' } as const;
  if (upheld) byTwo(house, ruling);
  else house.send(ruling);
}

/** bob to the provider and the house, disputed in vain; cid called back by the price; dee still on offer. */
function othersFall(house: TestHouse): void {
  for (const name of ['bob', 'cid', 'dee']) trade(house, name, 'maker', name === 'bob' ? '4' : '3.5', '50000');
  mark(house, '47600');
  house.pass('1s');
  const order = orderOf(house, 'bob');
  if (order !== '') house.send({ type: 'ClaimLiquidation', order, account: 'lee' });
  const events = house.pass('1m');
  const [ended] = ofType(events, 'LiquidationEnded');
  if (ended) disputed(house, [ended], false);
  mark(house, '47300');
}
