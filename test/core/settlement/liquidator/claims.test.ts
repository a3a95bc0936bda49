import { linesOf } from '../../../../src/core/engine/digest';
import type { Command } from '../../../../src/core/message/command';
import type { OfferTermsInput } from '../../../../src/core/message/ladderCommands';
import type { Actor } from '../../../../src/core/model/actor';
import { mark, openAccount } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';
import { broker } from '../../../support/ladder';
import { fallen, onlyOf, openOrders, sizeOf, statusOf } from '../../../support/liquidation';
import { rejectionOf } from '../../../support/outcome';
import { liquidator, offerOf, rungOf, setLadder } from '../../../support/rungs';

/** `alice` stands 1,500 below her target; 1.5 lots are offered for a minute to whoever is on the list. */
function offered(
  offer: Partial<OfferTermsInput> = {},
  names: readonly string[] = ['lee'],
  given: Parameters<typeof fallen>[0] = {},
) {
  const house = fallen(given);
  for (const name of names) liquidator(house, name);
  setLadder(house, [rungOf('LIQUIDATORS', { offer: offerOf(offer) }), rungOf('HOUSE')]);
  house.pass('1h');
  const order = openOrders(house)[0]?.id ?? '';
  return { house, order };
}

const claim = (order: string, account: string): Command => ({ type: 'ClaimLiquidation', order, account });
const take = (order: string, account: string, size: string | null = null): Command => ({
  type: 'TakeLiquidation',
  order,
  account,
  size,
});
const depositOf = (house: TestHouse, account: string): bigint =>
  house.state.ledger.get(`liquidator-deposit/${account} USD`) ?? 0n;

describe('claims', () => {
  test('LI-1 of a hundred who claim the same order one has it, and only that one takes', () => {
    const names = Array.from({ length: 100 }, (_, i) => `lee${i}`);
    const { house, order } = offered({}, names);
    const outcomes = names.map((name) => rejectionOf(house.try(claim(order, name)))?.code ?? 'OK');
    expect(outcomes).toEqual(['OK', ...names.slice(1).map(() => 'ALREADY_CLAIMED')]);
    expect(house.refusal(take(order, 'lee1'))).toBe('ALREADY_CLAIMED');
    expect(onlyOf(house.send(take(order, 'lee0')), 'LiquidationTaken')).toMatchObject({
      liquidatorId: 'lee0',
      size: -15n,
    });
    expect([statusOf(house), sizeOf(house), sizeOf(house, 'lee0')]).toEqual(['WARNING', 85n, 15n]);
  });

  test(
    'LI-1 LI-5 a claim that expires costs a part of the deposit, which goes to the fund; others may have the ' +
      'order then',
    () => {
      const { house, order } = offered({}, ['lee', 'moe']);
      const { claim: made } = onlyOf(house.send(claim(order, 'lee')), 'LiquidationClaimed');
      expect(made.expiresAt - made.claimedAt).toBe(10_000);
      expect(house.pass('9.999s')).toEqual([]);
      expect(onlyOf(house.pass('0.001s'), 'LiquidationClaimEnded')).toMatchObject({
        liquidatorId: 'lee',
        outcome: 'EXPIRED',
        amount: 5_000n,
      });
      expect([depositOf(house, 'lee'), house.state.ledger.get('insurance-fund USD')]).toEqual([95_000n, 5_000n]);
      // Who let it expire keeps nobody out of it again.
      expect(house.refusal(claim(order, 'lee'))).toBe('CLAIM_NOT_ALLOWED');
      house.send(claim(order, 'moe'));
      house.send(take(order, 'moe'));
      expect(house.state.liquidators.get('lee')).toMatchObject({
        claims: 1,
        expiredClaims: 1,
        takes: 0,
        penalties: 5_000n,
      });
      expect(house.state.liquidators.get('moe')).toMatchObject({
        claims: 1,
        expiredClaims: 0,
        takes: 1,
        completed: 1,
        waited: 10_000,
      });
    },
  );

  test('LI-1 a claim ends no later than the order it is on', () => {
    const { house, order } = offered();
    house.pass('55s');
    house.send(claim(order, 'lee'));
    const events = house.pass('5s');
    expect(ofType(events, 'LiquidationClaimEnded')).toMatchObject([{ outcome: 'EXPIRED' }]);
    expect(house.state.claims.size).toBe(0);
  });

  test('LI-3 what is cured in between is taken from nobody, and the claim is released without cost', () => {
    const { house, order } = offered();
    house.send(claim(order, 'lee'));
    const events = mark(house, '52000');
    expect(onlyOf(events, 'LiquidationClaimEnded')).toMatchObject({ outcome: 'RELEASED', amount: 0n });
    expect(house.refusal(take(order, 'lee'))).toBe('LIQUIDATION_ORDER_NOT_FOUND');
    expect(house.refusal(claim(order, 'lee'))).toBe('LIQUIDATION_ORDER_NOT_FOUND');
    expect([statusOf(house), sizeOf(house)]).toEqual(['HEALTHY', 100n]);
  });

  test('LI-3 nobody closes an account of their own, of their owner, or of the house account of their member', () => {
    const house = fallen();
    for (const [id, kind, owner] of [
      ['own', 'CLIENT', 'alice'],
      ['house', 'HOUSE', 'house'],
    ] as const) {
      house.send({
        type: 'OpenAccount',
        account: id,
        member: 'broker',
        owner,
        kind,
        currency: 'USD',
        policy: 'classic',
        mode: 'CROSS',
        instrument: null,
      });
      house.send({ type: 'DepositCollateral', account: id, currency: 'USD', amount: '1000000' });
      house.send({ type: 'RegisterLiquidator', account: id, deposit: '1000', operator: null });
    }
    setLadder(house, [rungOf('LIQUIDATORS'), rungOf('HOUSE')]);
    house.pass('1h');
    const order = openOrders(house)[0]?.id ?? '';
    for (const id of ['own', 'house']) {
      expect(house.refusal(claim(order, id))).toBe('RELATED_ACCOUNT');
      expect(house.refusal(take(order, id))).toBe('RELATED_ACCOUNT');
    }
  });

  test('LI-5 no claim without the deposit it asks for, nor with more at stake than is there', () => {
    const { house, order } = offered({ minimumDeposit: '1000.01' });
    expect(house.refusal(claim(order, 'lee'))).toBe('DEPOSIT_TOO_SMALL');
    house.send({ type: 'RegisterLiquidator', account: 'lee', deposit: '0.01', operator: null });
    house.send(claim(order, 'lee'));
    const other = offered({ claimPenalty: '1000.01', minimumDeposit: '0' });
    expect(other.house.refusal(claim(other.order, 'lee'))).toBe('DEPOSIT_TOO_SMALL');
  });

  test('an order with a venue is not to be claimed, and one on offer not to be filled by a venue', () => {
    const { house, order } = offered();
    expect(
      house.refusal({
        type: 'ReportLiquidationFill',
        order,
        trade: 'x',
        counterparty: 'maker',
        price: '50000',
        size: '0.1',
      }),
    ).toBe('ORDER_NOT_AT_VENUE');
    const bare = fallen();
    liquidator(bare, 'lee');
    bare.pass('1h');
    expect(bare.refusal(claim(openOrders(bare)[0]?.id ?? '', 'lee'))).toBe('ORDER_NOT_OFFERED');
  });
});

describe('taking', () => {
  test('LI-3 more than restores the account now is refused, and less is a part', () => {
    const { house, order } = offered();
    expect(house.refusal(take(order, 'lee', '1.6'))).toBe('FILL_TOO_LARGE');
    expect(house.refusal(take(order, 'lee', '0'))).toBe('SIZE_NOT_POSITIVE');
    expect(house.refusal(take(order, 'lee', '0.05'))).toBe('SIZE_OFF_LOT');
    house.send(take(order, 'lee', '0.5'));
    // At 50,100 a thousand less is missing, so less is to be closed than was ordered.
    mark(house, '50050');
    expect(house.refusal(take(order, 'lee', '1'))).toBe('TAKE_EXCEEDS_NEED');
    house.send(take(order, 'lee'));
    expect(statusOf(house)).toBe('WARNING');
    expect(sizeOf(house)).toBeGreaterThan(85n);
  });

  test('IM-1 a taker needs initial margin for what it takes', () => {
    const { house, order } = offered({}, []);
    void order;
    const poor = fallen();
    openAccount(poor, 'lee', '1100');
    poor.send({ type: 'RegisterLiquidator', account: 'lee', deposit: '1000', operator: null });
    setLadder(poor, [rungOf('LIQUIDATORS'), rungOf('HOUSE')]);
    poor.pass('1h');
    expect(poor.refusal(take(openOrders(poor)[0]?.id ?? '', 'lee'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
    expect(statusOf(house)).toBe('HEALTHY');
  });

  test('LI-5 LF-2 the liquidator’s part of the fee goes to who did the work, and its statistics sum to just that', () => {
    const { house, order } = offered({}, ['lee', 'moe'], {
      terms: { feeShares: { liquidator: '0.3', fund: '0.5', house: '0.2' } },
    });
    const shares = ['0.5', '1'].flatMap((size, i) => house.send(take(order, i === 0 ? 'lee' : 'moe', size)));
    const filled = ofType(shares, 'LiquidationOrderFilled');
    // 0.5 % of 25,000 and of 50,000: 125 and 250; three tenths of each.
    expect(ofType(shares, 'LiquidationTaken').map(({ feeShare }) => feeShare)).toEqual([3_750n, 7_500n]);
    for (const [i, name] of ['lee', 'moe'].entries()) {
      const paid = (filled[i]?.transfers ?? []).filter(
        ({ to, reason }) => to === `account/${name}` && reason === 'LIQUIDATION_FEE',
      );
      expect(paid.map(({ amount }) => amount)).toEqual([house.state.liquidators.get(name)?.feeShares]);
    }
    for (const { charges, transfers } of filled) {
      const lines = transfers.filter(({ reason }) => reason === 'LIQUIDATION_FEE');
      expect(lines.reduce((sum, { amount }) => sum + amount, 0n)).toBe(charges.fee);
    }
  });

  test('B2-1 LE-4 lots change hands at the mark, with the fee of any fill', () => {
    const { house, order } = offered();
    const events = house.send(take(order, 'lee'));
    expect(onlyOf(events, 'LiquidationOrderFilled')).toMatchObject({
      ...{ price: 500_000n, counterparty: 'lee', size: -15n },
      charges: { closed: 7_500_000n, fee: 37_500n },
      slippage: { mark: 0n, trigger: 0n, bankruptcy: -165_000n },
    });
    expect(onlyOf(events, 'LiquidationEnded')).toMatchObject({ outcome: 'RESTORED', equity: 1_062_500n });
  });
});

describe('the list', () => {
  const key: Actor = { id: 'key', role: 'LIQUIDATOR', member: null };
  const withKey = (house: TestHouse): void => {
    house.send({
      type: 'IssueApiKey',
      apiKey: 'key',
      role: 'LIQUIDATOR',
      member: null,
      hash: 'a'.repeat(64),
      label: 'key',
    });
  };

  test('X-5 a liquidator’s key acts for accounts whose broker named it, and for no other', () => {
    const house = fallen();
    liquidator(house, 'lee');
    setLadder(house, [rungOf('LIQUIDATORS'), rungOf('HOUSE')]);
    house.pass('1h');
    const order = openOrders(house)[0]?.id ?? '';
    const refusal = (command: Command): string => house.refusal(command, key);
    expect(refusal(claim(order, 'lee'))).toBe('LIQUIDATOR_NOT_FOUND');
    expect(refusal({ type: 'RegisterLiquidator', account: 'lee', deposit: '1', operator: 'key' })).toBe(
      'ACCOUNT_NOT_FOUND',
    );
    expect(refusal({ type: 'RegisterLiquidator', account: 'maker', deposit: '1', operator: 'key' })).toBe(
      'ACCOUNT_NOT_FOUND',
    );
    const naming: Command = { type: 'RegisterLiquidator', account: 'lee', deposit: '1', operator: 'key' };
    expect(house.refusal(naming, broker('broker'))).toBe('API_KEY_NOT_FOUND');
    const before = openOrders(house)[0]?.id;
    expect(before).toBe(order);
  });

  test('X-5 named by the broker it claims, takes and adds to the deposit', () => {
    const house = onePrepared();
    house.send(claim(openOrders(house)[0]?.id ?? '', 'lee'), key);
    house.send({ type: 'RegisterLiquidator', account: 'lee', deposit: '1', operator: null }, key);
    house.send(take(openOrders(house)[0]?.id ?? '', 'lee'), key);
    expect([statusOf(house), depositOf(house, 'lee')]).toEqual(['WARNING', 100_100n + 0n]);
    expect(house.refusal(claim('x', 'lee'), broker('other'))).toBe('LIQUIDATION_ORDER_NOT_FOUND');
  });

  function onePrepared(): TestHouse {
    const house = prepared();
    house.send({ type: 'RegisterLiquidator', account: 'lee', deposit: '1000', operator: 'key' }, broker('broker'));
    setLadder(house, [rungOf('LIQUIDATORS'), rungOf('HOUSE')]);
    house.pass('1h');
    return house;
  }

  function prepared(): TestHouse {
    const house = fallen();
    openAccount(house, 'lee', '10000000');
    byTwoKey(house);
    return house;
  }

  function byTwoKey(house: TestHouse): void {
    withKey(house);
    const proposal = [...house.state.proposals.values()].at(-1);
    if (!proposal) return;
    house.send(
      { type: 'ApproveProposal', proposal: proposal.id, hash: proposal.hash },
      { id: 'second', role: 'ADMIN', member: null },
    );
  }

  test('a deposit leaves the account like a withdrawal, and comes back whole', () => {
    const house = fallen();
    openAccount(house, 'lee', '1000');
    const before = [...linesOf(house.state)].slice(1);
    expect(house.refusal({ type: 'RegisterLiquidator', account: 'lee', deposit: '1000.01', operator: null })).toBe(
      'COLLATERAL_ENCUMBERED',
    );
    expect(house.refusal({ type: 'RegisterLiquidator', account: 'lee', deposit: '0', operator: null })).toBe(
      'AMOUNT_NOT_POSITIVE',
    );
    expect(house.refusal({ type: 'RegisterLiquidator', account: 'alice', deposit: '1', operator: null })).toBe(
      'MARGIN_CALL_OPEN',
    );
    expect(house.refusal({ type: 'RegisterLiquidator', account: 'close-out:USD', deposit: '1', operator: null })).toBe(
      'ACCOUNT_NOT_FOUND',
    );
    expect([...linesOf(house.state)].slice(1)).toEqual(before);
    house.send({ type: 'RegisterLiquidator', account: 'lee', deposit: '400', operator: null });
    expect([house.balance('lee'), depositOf(house, 'lee')]).toEqual(['600.00', 40_000n]);
    house.send({ type: 'DeregisterLiquidator', account: 'lee' });
    expect([house.balance('lee'), depositOf(house, 'lee')]).toEqual(['1000.00', 0n]);
    expect(house.refusal({ type: 'DeregisterLiquidator', account: 'lee' })).toBe('LIQUIDATOR_NOT_FOUND');
  });

  test('nobody leaves the list with an open claim', () => {
    const { house, order } = offered();
    house.send(claim(order, 'lee'));
    expect(house.refusal({ type: 'DeregisterLiquidator', account: 'lee' })).toBe('CLAIM_OPEN');
    house.send(take(order, 'lee'));
    house.send({ type: 'DeregisterLiquidator', account: 'lee' });
  });
});
