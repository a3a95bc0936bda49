/**
 * Acts that raise risk, move house money or grant a role wait for a second person, who repeats the hash of what was
 * read.
 */

import { createHash } from 'node:crypto';
import { act, type Payload } from '../acts';
import { givenPerpetual, type KeyName, mark, openServer, pay, type TestServer, trade } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
});
beforeEach(() => mark(server, '50000'));
afterAll(() => server.close());

const after = (hours: number): string => new Date(server.clock.now() + hours * 3_600_000).toISOString();

interface Shown {
  readonly id: string;
  readonly command: string;
  readonly commandType: string;
  readonly hash: string;
  readonly proposedBy: string;
  readonly reason: string;
  readonly status: string;
  readonly decidedBy: string | null;
  readonly decision: string | null;
  readonly decidedAt: string | null;
  readonly proposedAt: string;
  readonly expiresAt: string;
}

const FIELDS = 'id command commandType hash proposedBy reason status decidedBy decision decidedAt proposedAt expiresAt';
const read = async (id: string): Promise<Shown> =>
  (await server.get<{ proposal: Shown }>('auditor', `query ($id: ID!) { proposal(id: $id) { ${FIELDS} } }`, { id }))
    .proposal;
const markNow = async (): Promise<string> =>
  (
    await server.get<{ instrument: { mark: { price: string } } }>(
      'feed',
      '{ instrument(id: "BTC-PERP") { mark { price } } }',
    )
  ).instrument.mark.price;

const propose = (key: KeyName = 'officer', price = '40000'): Promise<Payload> =>
  act(server, key, 'setMarkPrice', { instrument: 'BTC-PERP', price, reason: 'the venue is down' });
const approve = (key: KeyName, proposal: string, hash: string): Promise<Payload & { decided: Shown | null }> =>
  act(server, key, 'approveProposal', { proposal, hash }, `decided { ${FIELDS} }`);
const proposed = async (): Promise<{ id: string; hash: string }> => {
  const { proposal } = await propose();
  if (!proposal) throw new Error('Nothing was proposed');
  return proposal;
};

test('a proposal does nothing yet, and shows what would run, its hash, and until when it waits', async () => {
  const answer = await propose();
  expect(answer).toMatchObject({
    outcome: 'PROPOSED',
    events: ['PROPOSAL_CREATED'],
    rejections: [],
    proposal: { status: 'OPEN' },
  });
  expect(await markNow()).toBe('50000.0');
  const shown = await read(answer.proposal?.id ?? '');
  expect(shown).toMatchObject({
    commandType: 'SetMarkPrice',
    proposedBy: 'officer',
    reason: 'the venue is down',
    status: 'OPEN',
    ...{ decidedBy: null, decision: null, decidedAt: null },
    hash: answer.proposal?.hash,
    proposedAt: after(0),
    expiresAt: after(24),
  });
  expect(JSON.parse(shown.command)).toEqual({
    type: 'SetMarkPrice',
    instrument: 'BTC-PERP',
    price: '40000',
    reason: 'the venue is down',
  });
  expect(createHash('sha256').update(shown.command).digest('hex')).toBe(shown.hash);
});

test('nobody approves what they proposed themselves', async () => {
  const { id, hash } = await proposed();
  expect((await approve('officer', id, hash)).rejections[0]).toMatchObject({
    code: 'PROPOSER_CANNOT_APPROVE',
    details: { proposal: id },
  });
  expect([await markNow(), (await read(id)).status]).toEqual(['50000.0', 'OPEN']);
});

test.each([
  ['another hash', (hash: string) => `${hash.slice(0, -1)}${hash.endsWith('0') ? '1' : '0'}`],
  ['no hash', () => ''],
  ['the hash in capitals', (hash: string) => hash.toUpperCase().replace(/^[0-9]*/, 'A')],
])('with %s nothing runs', async (_, other) => {
  const { id, hash } = await proposed();
  expect((await approve('admin', id, other(hash))).rejections[0]?.code).toBe('PROPOSAL_HASH_MISMATCH');
  expect([await markNow(), (await read(id)).status]).toEqual(['50000.0', 'OPEN']);
});

test('it expires after 24 hours, to the millisecond', async () => {
  const { id, hash } = await proposed();
  const other = await proposed();
  await server.pass('23h59m59.999s');
  expect((await approve('admin', other.id, other.hash)).outcome).toBe('DONE');
  await server.pass('1ms');
  expect((await approve('admin', id, hash)).rejections[0]?.code).toBe('PROPOSAL_NOT_FOUND');
  expect(await read(id)).toMatchObject({ status: 'EXPIRED', decidedBy: null });
});

test('it is turned down by another or taken back by who made it, with a reason', async () => {
  for (const key of ['admin', 'officer'] as const) {
    const { id, hash } = await proposed();
    const answer = await act<{ decided: Shown }>(
      server,
      key,
      'rejectProposal',
      { proposal: id, reason: 'the venue is up' },
      `decided { ${FIELDS} }`,
    );
    expect(answer).toMatchObject({
      outcome: 'DONE',
      events: ['PROPOSAL_REJECTED'],
      decided: { status: 'REJECTED', decidedBy: key, decision: 'the venue is up' },
    });
    expect((await approve('admin2', id, hash)).rejections[0]?.code).toBe('PROPOSAL_NOT_FOUND');
  }
  expect(await markNow()).toBe('50000.0');
});

test('it is checked again against the house as it is when it runs, and waits on where it is refused', async () => {
  await pay(server, 'alice', '100');
  await server.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '100', source: 'EXTERNAL' });
  const withdrawal = { currency: 'USD', amount: '80', reason: 'dividend' };
  const [one, two] = [
    await act(server, 'admin', 'withdrawFromInsuranceFund', withdrawal),
    await act(server, 'admin', 'withdrawFromInsuranceFund', withdrawal),
  ];
  const run = ({ proposal }: Payload) => approve('admin2', proposal?.id ?? '', proposal?.hash ?? '');
  expect((await run(one)).outcome).toBe('DONE');
  expect((await run(two)).rejections[0]).toMatchObject({ code: 'INSUFFICIENT_FUNDS', retriable: true });
  expect((await read(two.proposal?.id ?? '')).status).toBe('OPEN');
  await server.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '60', source: 'EXTERNAL' });
  expect((await run(two)).outcome).toBe('DONE');
});

test.each`
  key          | mutation                       | input
  ${'admin'}   | ${'issueApiKey'}               | ${{ role: 'AUDITOR', label: 'x' }}
  ${'officer'} | ${'setMarkPrice'}              | ${{ instrument: 'BTC-PERP', price: '49999', reason: 'x' }}
  ${'officer'} | ${'setLossPolicy'}             | ${{ currency: 'USD', layers: ['INSURANCE_FUND', 'SOCIALIZED_LOSS'], base: 'GAINS', period: '1d', fundTarget: '0' }}
  ${'officer'} | ${'setTierSchedule'}           | ${{ instrument: 'BTC-PERP', tiers: [{ floor: '0', cap: null, initialRate: '0.04', maintenanceRate: '0.025' }] }}
  ${'officer'} | ${'setCollateralTerms'}        | ${{ currency: 'BTC', haircut: '0.1', conversionDiscount: '0.05', eligible: true }}
  ${'officer'} | ${'withdrawFromInsuranceFund'} | ${{ currency: 'USD', amount: '5', reason: 'x' }}
`('$mutation that raises risk or moves house money is proposed', async ({ key, mutation, input }) => {
  await server.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '100', source: 'EXTERNAL' });
  const answer = await act(server, key, mutation, input);
  expect(answer).toMatchObject({ outcome: 'PROPOSED', events: ['PROPOSAL_CREATED'], proposal: { status: 'OPEN' } });
});

test.each`
  mutation                 | input                                                                                                            | event
  ${'setInstrumentStatus'} | ${{ instrument: 'BTC-PERP', status: 'HALTED', reason: 'x' }}                                                     | ${'INSTRUMENT_STATUS_SET'}
  ${'setTierSchedule'}     | ${{ instrument: 'BTC-PERP', tiers: [{ floor: '0', cap: null, initialRate: '0.06', maintenanceRate: '0.025' }] }} | ${'TIER_SCHEDULE_SET'}
  ${'setCollateralTerms'}  | ${{ currency: 'BTC', haircut: '0.1', conversionDiscount: '0.05', eligible: false }}                              | ${'COLLATERAL_TERMS_SET'}
`('$mutation that lowers risk works at once', async ({ mutation, input, event }) => {
  const answer = await act(server, 'officer', mutation, input);
  expect(answer.proposal).toBeNull();
  expect(answer.events).toContain(event);
});

test('to resume an instrument takes two, to halt it one', async () => {
  const set = (status: string): Promise<Payload> =>
    act(server, 'officer', 'setInstrumentStatus', { instrument: 'BTC-PERP', status, reason: 'x' });
  const statusNow = async (): Promise<unknown> =>
    (await server.get<{ instrument: object }>('feed', '{ instrument(id: "BTC-PERP") { status } }')).instrument;
  expect((await set('HALTED')).proposal).toBeNull();
  expect(await statusNow()).toEqual({ status: 'HALTED' });
  const resume = await set('ACTIVE');
  expect(await statusNow()).toEqual({ status: 'HALTED' });
  await approve('admin', resume.proposal?.id ?? '', resume.proposal?.hash ?? '');
  expect(await statusNow()).toEqual({ status: 'ACTIVE' });
});

test('proposals are listed by how they stand, the newest first', async () => {
  const [one, two] = [await proposed(), await proposed()];
  await act(server, 'admin', 'rejectProposal', { proposal: one.id, reason: 'x' });
  const list = async (status: string): Promise<unknown> =>
    (
      await server.get<{ proposals: { nodes: { id: string }[] } }>(
        'auditor',
        `{ proposals(first: 10${status}) { nodes { id } } }`,
      )
    ).proposals.nodes
      .map(({ id }) => id)
      .filter((id) => id === one.id || id === two.id);
  expect([await list(''), await list(', status: [OPEN]'), await list(', status: [REJECTED, EXPIRED]')]).toEqual([
    [two.id, one.id],
    [two.id],
    [one.id],
  ]);
  expect(await server.get('auditor', '{ proposal(id: "none") { id } }')).toEqual({ proposal: null });
});

test('approved by another person with its hash it runs at once, and what it causes is in the answer', async () => {
  await pay(server, 'alice', '100000');
  await pay(server, 'bob', '1000000');
  await trade(server, 'alice', 'bob', '10');
  const { id, hash } = await proposed();
  await server.pass('1h');
  const answer = await approve('admin', id, hash);
  expect(answer.outcome).toBe('DONE');
  expect(answer.events.slice(0, 2)).toEqual(['PROPOSAL_APPROVED', 'MARK_PRICE_SET']);
  expect(answer.events).toContain('LIQUIDATION_STARTED');
  expect(answer.decided).toMatchObject({ status: 'APPROVED', decidedBy: 'admin', decidedAt: after(0) });
  expect(await markNow()).toBe('40000.0');
  const again = await approve('admin2', id, hash);
  expect(again.rejections[0]).toMatchObject({ code: 'PROPOSAL_NOT_FOUND', retriable: false });
});

test('while the house is being set up, before any account of a member is open, one person is enough', async () => {
  const fresh = await openServer();
  await fresh.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  const answer = await act(fresh, 'admin', 'issueApiKey', { role: 'AUDITOR', label: 'first' });
  expect(answer).toMatchObject({ proposal: null, events: ['API_KEY_ISSUED'] });
  await fresh.close();
});
