/** Four eyes: which acts need a second person, and what a second person must do.  S03, S19 */

import type { Command } from '../../../src/core/message/command';
import { flatTiers, mark, onePerpetual, openAccount, term } from '../../support/given';
import { ofType, type TestHouse, typesOf } from '../../support/house';
import { broker, callOf, leveragedHouse, officer } from '../../support/ladder';
import { needsTwo, policy } from '../../support/persons';

const reason = 'a test';
const HASH = 'a'.repeat(64);
const tiers = (fields: Partial<ReturnType<typeof flatTiers>[number]>): Command => ({
  type: 'SetTierSchedule',
  instrument: 'BTC-PERP',
  tiers: [{ floor: '0', cap: '1000000', initialRate: '0.05', maintenanceRate: '0.025', deduction: null, ...fields }],
  effectiveAt: null,
});
const collateral = (haircut: string, eligible = true): Command => ({
  type: 'SetCollateralTerms',
  currency: 'BTC',
  haircut,
  conversionDiscount: '0.01',
  eligible,
});
const status = (to: 'ACTIVE' | 'REDUCE_ONLY' | 'HALTED', instrument = 'BTC-PERP'): Command => ({
  type: 'SetInstrumentStatus',
  instrument,
  status: to,
  reason,
});

/**
 * A house in business: alice called, tiers with a cap, BTC accepted at 20 %, one instrument halted, one reduce-only.
 */
function inBusiness(): TestHouse {
  const house = onePerpetual({
    tiers: [{ floor: '0', cap: '1000000', initialRate: '0.05', maintenanceRate: '0.025', deduction: null }],
  });
  house.send(collateral('0.2'));
  house.send({ type: 'DefineCurrency', currency: 'GLD', scale: 4 });
  for (const [id, to] of [
    ['HALTED', 'HALTED'],
    ['SHRINKING', 'REDUCE_ONLY'],
  ] as const) {
    house.send({
      type: 'DefineInstrument',
      instrument: id,
      kind: 'PERPETUAL',
      base: 'BTC',
      quote: 'USD',
      settlement: 'USD',
      tick: '0.1',
      lot: '0.1',
      multiplier: '1',
      index: null,
      markMethod: 'VENUE',
      markBand: null,
      priceBand: null,
      heartbeat: 86_400_000,
      allowsNonPositivePrice: false,
      expiry: null,
      variationInterval: null,
      makerFee: '0',
      takerFee: '0',
    });
    house.send(status(to, id));
  }
  house.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: '100' });
  house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '100', source: 'EXTERNAL' });
  openAccount(house, 'alice', '100');
  house.send({ type: 'IssueMarginCall', account: 'alice', amount: '1', window: 3_600_000, reason });
  house.send({ type: 'DisputeMarginCall', call: callOf(house).id, reason });
  return house;
}

const call = (house: TestHouse) => ({ call: callOf(house).id, reason });

const ACTS: [string, 'two' | 'one', (house: TestHouse) => Command][] = [
  [
    'take money out of the insurance fund',
    'two',
    () => ({ type: 'WithdrawFromInsuranceFund', currency: 'USD', amount: '1', reason }),
  ],
  [
    'put money into it',
    'one',
    () => ({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '1', source: 'EXTERNAL' }),
  ],
  [
    'reverse a booking',
    'two',
    (h) => ({
      type: 'ReverseTransfer',
      entry: h.state.seq - 2,
      place: 0,
      kind: 'CONTRIBUTION',
      from: 'external',
      to: 'insurance-fund',
      currency: 'USD',
      amount: '1',
      reason,
    }),
  ],
  ['waive a call', 'two', (h) => ({ type: 'WaiveMarginCall', ...call(h) })],
  ['extend a call', 'two', (h) => ({ type: 'ExtendMarginCall', ...call(h), deadline: callOf(h).deadline + 1 })],
  [
    'issue a call',
    'one',
    (h) => {
      openAccount(h, 'bob');
      return { type: 'IssueMarginCall', account: 'bob', amount: '1', window: null, reason };
    },
  ],
  ['stop the clock of a dispute', 'two', (h) => ({ type: 'RuleOnDispute', ...call(h), stopClock: true })],
  ['rule against a dispute', 'one', (h) => ({ type: 'RuleOnDispute', ...call(h), stopClock: false })],
  ['set a mark by hand', 'two', () => ({ type: 'SetMarkPrice', instrument: 'BTC-PERP', price: '50000', reason })],
  [
    'issue a key',
    'two',
    () => ({ type: 'IssueApiKey', apiKey: 'k', role: 'FEED', member: null, hash: HASH, label: '' }),
  ],
  [
    'change who bears losses',
    'two',
    () => ({
      type: 'SetLossPolicy',
      currency: 'USD',
      layers: ['INSURANCE_FUND'],
      base: 'GAINS',
      period: 86_400_000,
      fundTarget: '0',
    }),
  ],
  [
    'change how the house sells what it took over',
    'two',
    () => ({
      ...{ type: 'SetDisposalPolicy', currency: 'USD', interval: 60_000, fraction: '1', fullBelow: '0' },
      ...{ maximumShareOfDepth: '1', slippage: '1' },
    }),
  ],
  ['halt', 'one', () => status('HALTED')],
  ['stop new risk', 'one', () => status('REDUCE_ONLY')],
  ['halt what only shrank', 'one', () => status('HALTED', 'SHRINKING')],
  ['resume after a halt', 'two', () => status('ACTIVE', 'HALTED')],
  ['let a halted one shrink', 'two', () => status('REDUCE_ONLY', 'HALTED')],
  ['allow new risk again', 'two', () => status('ACTIVE', 'SHRINKING')],
  ['raise the initial rate', 'one', () => tiers({ initialRate: '0.06' })],
  ['leave tiers as they are', 'one', () => tiers({})],
  ['lower the initial rate', 'two', () => tiers({ initialRate: '0.049999999999' })],
  ['lower the maintenance rate', 'two', () => tiers({ maintenanceRate: '0.024' })],
  ['lower one and raise the other', 'two', () => tiers({ initialRate: '0.06', maintenanceRate: '0.024' })],
  ['lower the position limit', 'one', () => tiers({ cap: '900000' })],
  ['raise the position limit', 'two', () => tiers({ cap: '1000001' })],
  ['lift the position limit', 'two', () => tiers({ cap: null })],
  ['set the first tiers of an instrument', 'one', () => ({ ...tiers({}), instrument: 'HALTED' }) as Command],
  ['raise the call level', 'one', () => policy({ call: term('INITIAL', '1'), cure: term('INITIAL', '1') })],
  ['lower the close-out level', 'two', () => policy({ closeOut: term('MAINTENANCE', '1/2') })],
  ['lower the target', 'two', () => policy({ target: term('MAINTENANCE', '3/4') })],
  ['drop a warning', 'two', () => policy({ warnings: [] })],
  [
    'add a warning below the others',
    'one',
    () => policy({ warnings: [term('INITIAL', '1'), term('MAINTENANCE', '1')] }),
  ],
  ['lengthen the window', 'two', () => policy({ cureWindow: 3_600_001 })],
  ['shorten the window', 'one', () => policy({ cureWindow: 3_599_999 })],
  ['stop adding up what an owner holds', 'two', () => policy({ aggregation: 'ACCOUNT' })],
  ['set a policy that was not there', 'one', () => policy({ policy: 'new', closeOut: term('MAINTENANCE', '1/10') })],
  ['raise a haircut', 'one', () => collateral('0.3')],
  ['lower a haircut', 'two', () => collateral('0.19')],
  ['refuse a currency', 'one', () => collateral('0.2', false)],
  ['refuse a currency and raise its haircut', 'one', () => collateral('0.3', false)],
  ['refuse a currency and lower its haircut', 'two', () => collateral('0.19', false)],
  [
    'lower the discount of a take-over',
    'two',
    () => ({ ...collateral('0.3'), conversionDiscount: '0.009' }) as Command,
  ],
  ['accept a currency', 'two', () => ({ ...collateral('0.9'), currency: 'GLD' }) as Command],
  [
    'open an account',
    'one',
    () => ({
      type: 'OpenAccount',
      account: 'carl',
      member: 'broker',
      owner: 'carl',
      kind: 'CLIENT',
      currency: 'USD',
      policy: 'classic',
      mode: 'CROSS',
      instrument: null,
    }),
  ],
];

test.each(ACTS)('S03 to %s takes %s', (_, persons, commandOf) => {
  const house = inBusiness();
  expect(needsTwo(house, commandOf(house)) ? 'two' : 'one').toBe(persons);
});

test('S03 to revoke a key takes one', () => {
  const house = onePerpetual();
  house.send({ type: 'IssueApiKey', apiKey: 'k', role: 'FEED', member: null, hash: HASH, label: '' });
  openAccount(house, 'alice');
  expect(needsTwo(house, { type: 'RevokeApiKey', apiKey: 'k', reason })).toBe(false);
});

test(
  'S03 while the house is set up, before the first account, one person may do what later takes two; house ' +
    'money never',
  () => {
    const house = onePerpetual();
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '100', source: 'EXTERNAL' });
    expect(
      needsTwo(house, { type: 'IssueApiKey', apiKey: 'k', role: 'ADMIN', member: null, hash: HASH, label: '' }),
    ).toBe(false);
    expect(needsTwo(house, tiers({ initialRate: '0.04' }))).toBe(false);
    expect(needsTwo(house, { type: 'WithdrawFromInsuranceFund', currency: 'USD', amount: '1', reason })).toBe(true);
    openAccount(house, 'alice');
    expect(needsTwo(house, tiers({ initialRate: '0.03' }))).toBe(true);
  },
);

describe('the second person', () => {
  const loosen = tiers({ initialRate: '0.04' });
  function proposed() {
    const house = inBusiness();
    const [created] = ofType(house.send(loosen, officer('one')), 'ProposalCreated');
    if (!created) throw new Error('Nothing was proposed');
    return { house, proposal: created.created };
  }
  const approve = (proposal: string, hash: string): Command => ({ type: 'ApproveProposal', proposal, hash });

  test('S03 another one, repeating the hash, lets the act run in that entry', () => {
    const { house, proposal } = proposed();
    expect(proposal).toMatchObject({ proposedBy: 'one', reason: '', expiresAt: house.now + 86_400_000 });
    expect(JSON.parse(proposal.command)).toEqual(loosen);
    const events = house.send(approve(proposal.id, proposal.hash), officer('two'));
    expect(typesOf(events)).toEqual(['ProposalApproved', 'TierScheduleSet', 'TierScheduleActivated']);
    expect(events[0]).toEqual({ type: 'ProposalApproved', proposal: proposal.id, by: 'two', at: house.now });
    expect(house.state.proposals.size).toBe(0);
    expect(house.refusal(approve(proposal.id, proposal.hash), officer('three'))).toBe('PROPOSAL_NOT_FOUND');
  });

  test.each`
    row                  | known    | hash       | by       | code
    ${'no proposal'}     | ${false} | ${'wrong'} | ${'one'} | ${'PROPOSAL_NOT_FOUND'}
    ${'another hash'}    | ${true}  | ${'wrong'} | ${'one'} | ${'PROPOSAL_HASH_MISMATCH'}
    ${'the same person'} | ${true}  | ${null}    | ${'one'} | ${'PROPOSER_CANNOT_APPROVE'}
  `('S03 refused, each row breaking every later rule too: $row', ({ known, hash, by, code }) => {
    const { house, proposal } = proposed();
    expect(house.refusal(approve(known ? proposal.id : 'none', hash ?? proposal.hash), officer(by))).toBe(code);
    expect(house.state.proposals.size).toBe(1);
  });

  test('S03 the same act with other terms has another hash', () => {
    const { house, proposal } = proposed();
    const [other] = ofType(house.send(tiers({ initialRate: '0.041' }), officer('one')), 'ProposalCreated');
    expect(other?.created.hash).not.toBe(proposal.hash);
    const [same] = ofType(house.send(loosen, officer('two')), 'ProposalCreated');
    expect(same?.created.hash).toBe(proposal.hash);
  });

  test('S03 what no longer stands up when it is approved is refused, and stays open', () => {
    const house = inBusiness();
    house.send({ type: 'WaiveMarginCall', ...call(house) }, officer('one'));
    const [proposal] = house.state.proposals.values();
    house.send({ type: 'DepositCollateral', account: 'alice', currency: 'USD', amount: '1' });
    expect(house.refusal(approve(proposal?.id ?? '', proposal?.hash ?? ''), officer('two'))).toBe('CALL_NOT_FOUND');
    expect(house.state.proposals.size).toBe(1);
  });

  test('S03 a proposal expires after a day, to the millisecond', () => {
    const { house, proposal } = proposed();
    house.pass('23h59m59.999s');
    expect(house.state.proposals.size).toBe(1);
    expect(ofType(house.pass('0.001s'), 'ProposalExpired')).toEqual([
      { type: 'ProposalExpired', proposal: proposal.id },
    ]);
    expect(house.refusal(approve(proposal.id, proposal.hash), officer('two'))).toBe('PROPOSAL_NOT_FOUND');
  });

  test('S03 a proposal can be turned down, by whom and why is kept', () => {
    const { house, proposal } = proposed();
    const events = house.send({ type: 'RejectProposal', proposal: proposal.id, reason: 'too much' }, officer('two'));
    expect(events).toEqual([{ type: 'ProposalRejected', proposal: proposal.id, by: 'two', reason: 'too much' }]);
    expect(house.refusal({ type: 'RejectProposal', proposal: proposal.id, reason: '' })).toBe('PROPOSAL_NOT_FOUND');
    expect(house.pass('25h').filter(({ type }) => type === 'ProposalExpired')).toEqual([]);
  });
});

describe('keys', () => {
  const house = onePerpetual();
  house.send({ type: 'IssueApiKey', apiKey: 'taken', role: 'FEED', member: null, hash: HASH, label: 'feed' });

  test.each`
    row                               | apiKey     | role                 | member      | hash              | code
    ${'an id nobody may choose'}      | ${' '}     | ${'BROKER'}          | ${null}     | ${'x'}            | ${'ID_INVALID'}
    ${'taken'}                        | ${'taken'} | ${'BROKER'}          | ${null}     | ${'x'}            | ${'ALREADY_EXISTS'}
    ${'a broker without member'}      | ${'k'}     | ${'BROKER'}          | ${null}     | ${'x'}            | ${'MEMBER_NOT_FOUND'}
    ${'a broker of nobody'}           | ${'k'}     | ${'BROKER_READONLY'} | ${'nobody'} | ${'x'}            | ${'MEMBER_NOT_FOUND'}
    ${'an officer bound to a member'} | ${'k'}     | ${'ADMIN'}           | ${'broker'} | ${'x'}            | ${'MEMBER_NOT_FOUND'}
    ${'a hash that is none'}          | ${'k'}     | ${'BROKER'}          | ${'broker'} | ${HASH.slice(1)}  | ${'VALUE_OUT_OF_RANGE'}
    ${'a hash in capitals'}           | ${'k'}     | ${'BROKER'}          | ${'broker'} | ${'A'.repeat(64)} | ${'VALUE_OUT_OF_RANGE'}
  `('X-5 refused, each row breaking every later rule too: $row', ({ apiKey, role, member, hash, code }) => {
    expect(house.refusal({ type: 'IssueApiKey', apiKey, role, member, hash, label: '' })).toBe(code);
  });

  test('X-5 a key is kept as the hash of its secret, and gone when revoked', () => {
    house.send({ type: 'IssueApiKey', apiKey: 'k', role: 'BROKER', member: 'broker', hash: HASH, label: 'desk' });
    expect(house.state.apiKeys.get('k')).toEqual({
      id: 'k',
      role: 'BROKER',
      member: 'broker',
      hash: HASH,
      label: 'desk',
    });
    house.send({ type: 'RevokeApiKey', apiKey: 'k', reason });
    expect(house.state.apiKeys.has('k')).toBe(false);
    expect(house.refusal({ type: 'RevokeApiKey', apiKey: 'k', reason })).toBe('API_KEY_NOT_FOUND');
  });
});

test('ruling 20 a broker approves nothing, whatever he holds', () => {
  const house = leveragedHouse();
  mark(house, '48600');
  house.send({ type: 'WaiveMarginCall', ...call(house) }, officer('one'));
  const [proposal] = house.state.proposals.values();
  expect(
    house.refusal(
      { type: 'ApproveProposal', proposal: proposal?.id ?? '', hash: proposal?.hash ?? '' },
      broker('stranger'),
    ),
  ).toBe('APPROVER_NOT_ALLOWED');
});
