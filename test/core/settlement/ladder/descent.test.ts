import { linesOf } from '../../../../src/core/engine/digest';
import { healthOf } from '../../../../src/core/margin/health';
import type { LadderMethod } from '../../../../src/core/model/ladder';
import { classicPolicy, definePerpetual, mark, openAccount, trade } from '../../../support/given';
import { ofType, type TestHouse, typesOf } from '../../../support/house';
import { fallen, fill, liquidating, onlyOf, openOrders, sizeOf, statusOf } from '../../../support/liquidation';
import { ladderOf, liquidator, movesOf, offerOf, provider, rungOf, setLadder } from '../../../support/rungs';

/** `alice` long 10 at 50,000, equity 11,000 against 12,500, fee 0.5 %: 1.5 restore her. */
function down(rungs: Parameters<typeof ladderOf>[0], prepare: (house: TestHouse) => void = () => undefined) {
  const house = fallen();
  prepare(house);
  setLadder(house, rungs);
  return { house, events: house.pass('1h') };
}

describe('without a ladder', () => {
  test('LE-4 venue and house are as they always were, and so is one that says no more than that', () => {
    const bare = liquidating();
    const laddered = down([rungOf('VENUE'), rungOf('HOUSE')]);
    expect(typesOf(laddered.events)).toEqual(typesOf(bare.events));
    const [before, after] = [bare.house.pass('30s'), laddered.house.pass('30s')];
    expect(typesOf(after).filter((type) => type !== 'ReductionMoved')).toEqual(typesOf(before));
    expect(movesOf(after)).toEqual(['VENUE > HOUSE -15 WINDOW_PASSED']);
    expect(laddered.house.balance('alice')).toBe(bare.house.balance('alice'));
  });

  test('an order without a ladder does not say that it stands on one', () => {
    expect(openOrders(liquidating().house)[0]).not.toHaveProperty('stand');
  });
});

describe('down the rungs', () => {
  test('LI-4 with no liquidator at all the next rung follows at once', () => {
    const { house, events } = down([rungOf('LIQUIDATORS'), rungOf('HOUSE')]);
    expect(movesOf(events)).toEqual(['LIQUIDATORS > HOUSE -15 NOBODY_THERE']);
    // At the bankruptcy price a part would not help: the house takes what nobody else has whole, not bit by bit.
    expect(onlyOf(events, 'PositionTakenOver').size).toBe(-100n);
    expect([statusOf(house), sizeOf(house), house.balance('alice')]).toEqual(['HEALTHY', 0n, '0.00']);
  });

  test('LI-4 liquidators who do not come leave it to the provider, and what is beyond the provider to the house', () => {
    const { house, events } = down(
      [rungOf('LIQUIDATORS'), rungOf('BACKSTOP', { slippage: '0' }), rungOf('HOUSE')],
      (given) => {
        liquidator(given, 'lee');
        provider(given, 'pat', '50000', '0');
      },
    );
    expect(openOrders(house)).toMatchObject([
      { size: -15n, stand: { method: 'LIQUIDATORS', rung: 1, ladder: 'currency/USD', version: 1 } },
    ]);
    expect(movesOf(events)).toEqual([]);
    const later = house.pass('60s');
    expect(movesOf(later)).toEqual(['LIQUIDATORS > BACKSTOP -15 WINDOW_PASSED', 'BACKSTOP > HOUSE -5 BEYOND_MARGIN']);
    expect(onlyOf(later, 'BackstopAssigned')).toMatchObject({ provider: 'pat', size: -10n, used: 5_000_000n });
    expect(onlyOf(later, 'PositionTakenOver').size).toBe(-5n);
    expect([sizeOf(house, 'pat'), sizeOf(house, 'close-out:USD'), sizeOf(house)]).toEqual([10n, 5n, 85n]);
    // What the house took used up the equity behind it: the rest is offered again, from the first rung on.
    expect([statusOf(house), openOrders(house)[0]?.stand?.method]).toEqual(['LIQUIDATING', 'LIQUIDATORS']);
  });

  test('LE-4 a cap on the market leaves the rest to the next rung, and says so', () => {
    const { house, events } = down([rungOf('VENUE', { marketCap: '20000' }), rungOf('HOUSE')]);
    expect(openOrders(house)).toMatchObject([{ size: -4n }]);
    expect(movesOf(events)).toEqual(['VENUE > HOUSE -11 CAP_REACHED']);
    expect(house.state.ladderLoad.get('VENUE BTC-PERP')).toBe(2_000_000n);
    expect(house.state.ladderLoad.get('VENUE in USD')).toBe(2_000_000n);
    fill(house, '50000', '0.4');
    // The next step stands there alone.
    const [next] = openOrders(house);
    expect(house.state.ladderLoad.get('VENUE in USD')).toBe(-(next?.size ?? 0n) * 500_000n);
  });

  test('LE-4 the global cap counts what stands in other instruments', () => {
    const house = fallen();
    definePerpetual(house, 'ETH-PERP', { price: '50000' });
    openAccount(house, 'bob', '31000');
    trade(house, 'bob', 'maker', '10', '50000', 'ETH-PERP');
    setLadder(house, [rungOf('VENUE', { globalCap: '60000' }), rungOf('HOUSE')]);
    house.pass('1h');
    expect(openOrders(house)).toMatchObject([{ size: -12n }]);
    // bob: 31,000 - 23,500 of loss, below two thirds of 11,912.50; nothing of what is asked for fits any more.
    const events = mark(house, '47650', 'ETH-PERP');
    const bobs = movesOf(events.filter((event) => 'account' in event && event.account === 'bob'));
    expect(bobs[0]).toMatch(/^VENUE > HOUSE -\d+ CAP_REACHED$/);
    expect(ofType(events, 'LiquidationOrderIssued').filter(({ issued }) => issued.account === 'bob')).toEqual([]);
  });

  test('LE-4 no slice is larger than a share of the depth; what it leaves is planned anew when it is done', () => {
    const house = fallen();
    house.send({ type: 'ReportDepth', instrument: 'BTC-PERP', bids: '10', asks: '10' });
    setLadder(house, [rungOf('VENUE', { maximumShareOfDepth: '0.05' }), rungOf('HOUSE')]);
    const sizes: bigint[] = [];
    house.pass('1h');
    for (let i = 0; i < 10 && openOrders(house).length > 0; i++) {
      const [order] = openOrders(house);
      sizes.push(order?.size ?? 0n);
      fill(house, '50000', order?.size === -5n ? '0.5' : '0.1');
    }
    expect(sizes).toEqual([-5n, -5n, -5n]);
    expect([sizeOf(house), statusOf(house)]).toEqual([85n, 'WARNING']);
  });

  /**
   * Planned at 50,000, carried out at 49,960: 10,600 are behind ten contracts, which are all bankrupt at 48,900. Above
   * zero is worse than that price. No two of the three are the same figure in any row, so none can stand for another.
   */
  describe(
    'LE-4 Ruling 10 every method is measured against the mark, the price that triggered it, and the ' +
      'bankruptcy price',
    () => {
      const planned = (next: LadderMethod[]) => {
        const { house } = down([...next.map((method) => rungOf(method)), rungOf('HOUSE')], (given) => {
          provider(given, 'pat', '40000', '0.01');
          liquidator(given, 'lee');
        });
        mark(house, '49960');
        return house;
      };

      test.each([
        // 0.5 sold 60 under the mark, 100 under the trigger, 1,000 above bankruptcy.
        ['under the mark', '49900', { mark: 3_000n, trigger: 5_000n, bankruptcy: -50_000n }],
        ['above the mark and under the trigger', '49980', { mark: -1_000n, trigger: 1_000n, bankruptcy: -54_000n }],
        ['above both', '50010', { mark: -2_500n, trigger: -500n, bankruptcy: -55_500n }],
        ['at bankruptcy itself', '48900', { mark: 53_000n, trigger: 55_000n, bankruptcy: 0n }],
      ])('LE-4 a fill of the venue %s', (_, price, slippage) => {
        expect(onlyOf(fill(planned(['VENUE']), price, '0.5'), 'LiquidationOrderFilled').slippage).toEqual(slippage);
      });

      test('LE-4 a short is worse off the more it pays', () => {
        // 11,000 behind ten contracts short at 54,000: bankrupt at 55,100. At 54,050 0.5 are bought for 54,075.
        const { house } = liquidating({ side: 'short', at: '54000' });
        mark(house, '54050');
        const { slippage } = onlyOf(fill(house, '54075', '0.5'), 'LiquidationOrderFilled');
        expect(slippage).toEqual({ mark: 1_250n, trigger: 3_750n, bankruptcy: -51_250n });
      });

      test('LE-4 a liquidator takes at the mark: nothing against it, 40 a contract against the trigger', () => {
        const house = planned(['LIQUIDATORS']);
        const order = openOrders(house)[0]?.id ?? '';
        house.send({ type: 'ClaimLiquidation', order, account: 'lee' });
        const taken = onlyOf(
          house.send({ type: 'TakeLiquidation', order, account: 'lee', size: null }),
          'LiquidationOrderFilled',
        );
        expect([taken.size, taken.slippage]).toEqual([-15n, { mark: 0n, trigger: 6_000n, bankruptcy: -159_000n }]);
      });

      test('LE-4 a provider at a discount of 1 %: 399.68 of 39,968, and 448.32 of the 848 behind its 0.8 are left', () => {
        const given = onlyOf(planned(['VENUE', 'BACKSTOP']).pass('30s'), 'BackstopAssigned');
        expect([given.size, given.slippage]).toEqual([-8n, { mark: 39_968n, trigger: 43_168n, bankruptcy: -44_832n }]);
      });

      test(
        'LE-4 the other side at the mark: (12,490 - 10,600) / (49,960 x 2 %) are 1.9, planned anew, with the ' +
          'trigger of the order',
        () => {
          const decided = onlyOf(planned(['VENUE', 'DELEVERAGING']).pass('30s'), 'DeleveragingDecided');
          expect([decided.decided.size, decided.carried?.slippage]).toEqual([
            -19n,
            { mark: 0n, trigger: 7_600n, bankruptcy: -201_400n },
          ]);
        },
      );

      test(
        'LE-4 the house pays what is behind the lots less the fee: 1,590 - 374.70, and the fee is what ' +
          'bankruptcy is missed by',
        () => {
          const taken = onlyOf(planned(['VENUE']).pass('30s'), 'PositionTakenOver');
          expect([taken.size, taken.slippage]).toEqual([
            -15n,
            { mark: 121_530n, trigger: 127_530n, bankruptcy: -37_470n },
          ]);
        },
      );
    },
  );

  // At 49,300 alice is worth 4,000: 40 behind each of her 100 lots of 4,930, of which one takes 246.50 of initial
  // margin.
  test.each([
    // 24.65 a lot: 2,218.50 + 10 x 24.65 = 10 x 246.50
    ['less than what is behind the lots', '0.005', '2218.5', 24_650n],
    // 40 a lot: 2,065 + 10 x 40 = 10 x 246.50
    ['more, of which no more is paid than is there', '0.019', '2065', 40_000n],
  ])(
    'LI-3 IM-1 a provider is given what it can carry at what it is really paid: a discount of %s',
    (_, discount, cash, off) => {
      const house = fallen();
      provider(house, 'pat', '500000', discount, cash);
      setLadder(house, [rungOf('BACKSTOP', { slippage: '0.019' }), rungOf('HOUSE')]);
      const events = mark(house, '49300');
      expect(onlyOf(events, 'BackstopAssigned')).toMatchObject({ size: -10n, slippage: { mark: off } });
      const { equity, initial } = healthOf(house.state, 'pat');
      expect(equity).toBe(initial);
      expect(movesOf(events)).toEqual(['BACKSTOP > HOUSE -90 BEYOND_MARGIN']);
    },
  );

  test('the limit of a rung is no worse than the mark by its slippage, and never worse than the bankruptcy price', () => {
    const [tight, wide] = ['0.001', '0.5'].map(
      (slippage) => down([rungOf('VENUE', { slippage }), rungOf('HOUSE')]).house,
    );
    const bare = liquidating().house;
    expect(openOrders(tight as TestHouse)[0]?.limit).toBe(499_500n);
    expect(openOrders(wide as TestHouse)[0]?.limit).toBe(openOrders(bare)[0]?.limit);
  });

  test('a ladder of the instrument goes before that of its currency', () => {
    const house = fallen();
    setLadder(house, [rungOf('VENUE'), rungOf('HOUSE')]);
    setLadder(house, [rungOf('HOUSE')], 'BTC-PERP');
    const events = house.pass('1h');
    expect(openOrders(house)).toEqual([]);
    expect(onlyOf(events, 'PositionTakenOver').size).toBe(-100n);
  });

  test('a ladder changed meanwhile holds for what goes on from there', () => {
    const { house } = down([rungOf('VENUE'), rungOf('HOUSE')]);
    setLadder(house, [rungOf('VENUE'), rungOf('BACKSTOP'), rungOf('HOUSE')]);
    provider(house, 'pat', '1000000', '0');
    const events = house.pass('30s');
    expect(movesOf(events)).toEqual(['VENUE > BACKSTOP -15 WINDOW_PASSED']);
    expect(onlyOf(events, 'ReductionMoved').version).toBe(2);
    expect(onlyOf(events, 'BackstopAssigned').provider).toBe('pat');
  });

  test('an account worth less than nothing goes to the house, past the rungs that take none such', () => {
    const house = fallen();
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '100000', source: 'EXTERNAL' });
    liquidator(house, 'lee');
    setLadder(house, [rungOf('LIQUIDATORS'), rungOf('HOUSE')]);
    const events = mark(house, '48000');
    expect(movesOf(events)).toEqual(['LIQUIDATORS > HOUSE -100 NOT_FOR_INSOLVENT']);
    expect([statusOf(house), sizeOf(house)]).toEqual(['CLOSED', 0n]);
  });

  test('LE-5 a stale or halted price pauses an order on any rung, and nothing is taken meanwhile', () => {
    const { house } = down([rungOf('LIQUIDATORS'), rungOf('HOUSE')], (given) => liquidator(given, 'lee'));
    const [order] = openOrders(house);
    house.send({ type: 'ClaimLiquidation', order: order?.id ?? '', account: 'lee' });
    const events = house.send({
      type: 'SetInstrumentStatus',
      instrument: 'BTC-PERP',
      status: 'HALTED',
      reason: 'test',
    });
    mark(house, '50000');
    expect(openOrders(house)).toEqual([]);
    const after = [...events, ...house.pass('1s')];
    void after;
    expect(house.state.claims.size).toBe(0);
    expect(house.refusal({ type: 'TakeLiquidation', order: order?.id ?? '', account: 'lee', size: null })).toBe(
      'LIQUIDATION_ORDER_NOT_FOUND',
    );
    // Nobody is punished for what the house called back.
    expect(house.state.liquidators.get('lee')).toMatchObject({ claims: 1, expiredClaims: 0, penalties: 0n });
  });
});

describe('SetDisposalLadder', () => {
  test.each([
    ['no rung', [], 'LADDER_INVALID'],
    ['a last rung that may refuse', [rungOf('HOUSE'), rungOf('VENUE')], 'LADDER_INVALID'],
    ['a cap on the last rung', [rungOf('VENUE'), rungOf('HOUSE', { marketCap: '1' })], 'LADDER_INVALID'],
    ['a method twice', [rungOf('VENUE'), rungOf('VENUE'), rungOf('HOUSE')], 'LADDER_INVALID'],
    ['liquidators without an offer', [rungOf('LIQUIDATORS', { offer: null }), rungOf('HOUSE')], 'LADDER_INVALID'],
    ['an offer to somebody else', [rungOf('VENUE', { offer: offerOf() }), rungOf('HOUSE')], 'LADDER_INVALID'],
    ['liquidators without end', [rungOf('LIQUIDATORS', { window: null }), rungOf('HOUSE')], 'LADDER_INVALID'],
    [
      'slices of what is done at once',
      [rungOf('BACKSTOP', { maximumShareOfDepth: '0.1' }), rungOf('HOUSE')],
      'LADDER_INVALID',
    ],
    ['providers at any discount', [rungOf('BACKSTOP', { slippage: null }), rungOf('HOUSE')], 'LADDER_INVALID'],
    ['an urgency of no slippage', [rungOf('VENUE', { urgency: '1' }), rungOf('HOUSE')], 'LADDER_INVALID'],
    ['an urgency of providers', [rungOf('BACKSTOP', { urgency: '1' }), rungOf('HOUSE')], 'LADDER_INVALID'],
    ['no urgency at all', [rungOf('VENUE', { slippage: '0.01', urgency: '0' }), rungOf('HOUSE')], 'VALUE_OUT_OF_RANGE'],
    [
      'a rate that falls',
      [rungOf('LIQUIDATORS', { offer: offerOf({ startRate: '0.01' }) }), rungOf('HOUSE')],
      'VALUE_OUT_OF_RANGE',
    ],
    ['a share above one', [rungOf('VENUE', { maximumShareOfDepth: '1.1' }), rungOf('HOUSE')], 'VALUE_OUT_OF_RANGE'],
    ['digits a currency has not', [rungOf('VENUE', { marketCap: '0.001' }), rungOf('HOUSE')], 'TOO_MANY_DIGITS'],
    ['a negative cap', [rungOf('VENUE', { marketCap: '-1' }), rungOf('HOUSE')], 'VALUE_OUT_OF_RANGE'],
    [
      'LP-4 a reward that with the fee reaches the maintenance rate',
      [rungOf('LIQUIDATORS', { offer: offerOf({ maximumRate: '0.02' }) }), rungOf('HOUSE')],
      'FEE_ABOVE_MAINTENANCE',
    ],
    ['LP-4 a discount that does', [rungOf('BACKSTOP', { slippage: '0.02' }), rungOf('HOUSE')], 'FEE_ABOVE_MAINTENANCE'],
  ])('%s is refused and leaves nothing behind', (_, rungs, code) => {
    const house = fallen();
    const before = [...linesOf(house.state)].slice(1);
    expect(house.refusal(ladderOf(rungs))).toBe(code);
    expect([...linesOf(house.state)].slice(1)).toEqual(before);
  });

  test('of a currency or an instrument that is not there, or of another currency', () => {
    const house = fallen();
    expect(house.refusal({ ...ladderOf([rungOf('HOUSE')]), currency: 'EUR' })).toBe('CURRENCY_NOT_FOUND');
    expect(house.refusal(ladderOf([rungOf('HOUSE')], 'DOGE-PERP'))).toBe('INSTRUMENT_NOT_FOUND');
    expect(house.refusal({ ...ladderOf([rungOf('HOUSE')], 'BTC-PERP'), currency: 'BTC' })).toBe('CURRENCY_MISMATCH');
  });

  test('LP-4 a policy or tiers that leave no room for the ladder in force are refused as well', () => {
    const house = fallen();
    setLadder(house, [rungOf('LIQUIDATORS', { offer: offerOf({ maximumRate: '0.019' }) }), rungOf('HOUSE')]);
    expect(house.refusal(classicPolicy({ feeRate: '0.006' }))).toBe('FEE_ABOVE_MAINTENANCE');
    const tiers = [{ floor: '0', cap: null, initialRate: '0.05', maintenanceRate: '0.024', deduction: null }];
    expect(house.refusal({ type: 'SetTierSchedule', instrument: 'BTC-PERP', tiers, effectiveAt: null })).toBe(
      'FEE_ABOVE_MAINTENANCE',
    );
    house.send(classicPolicy({ feeRate: '0.0059' }));
  });

  test('a version for every change, and a second person once the house is open', () => {
    const house = fallen();
    const [first, second] = [1, 2].map(() =>
      onlyOf(setLadder(house, [rungOf('VENUE'), rungOf('HOUSE')]), 'DisposalLadderSet'),
    );
    expect([first?.terms.version, second?.terms.version]).toEqual([1, 2]);
  });
});
