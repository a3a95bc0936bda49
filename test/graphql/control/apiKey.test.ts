/** API keys: issued by two persons, their secret shown once and kept nowhere, gone as soon as they are revoked. */

import { act, type Payload } from '../acts';
import { givenPerpetual, openServer, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
});
afterAll(() => server.close());

interface Issued extends Payload {
  readonly apiKeyId: string;
  readonly apiKey: {
    readonly id: string;
    readonly role: string;
    readonly label: string;
    readonly issuedAt: string;
  } | null;
  readonly secret: string | null;
}
const FIELDS = 'apiKeyId secret apiKey { id role memberId label issuedAt revokedAt person issuers }';

const issue = (input: object): Promise<Issued> =>
  act<Issued>(server, 'admin', 'issueApiKey', { role: 'AUDITOR', label: 'audit of 2025', ...input }, FIELDS);

async function viewerOf(secret: string): Promise<unknown> {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
    body: JSON.stringify({ query: '{ viewer { id role member } }' }),
  });
  return response.status === 401
    ? 'UNAUTHENTICATED'
    : ((await response.json()) as { data: { viewer: unknown } }).data.viewer;
}

const approve = ({ proposal }: Payload): Promise<Payload> =>
  act(server, 'admin2', 'approveProposal', { proposal: proposal?.id, hash: proposal?.hash });

test('a key works from the moment a second person approved it, with the secret that was shown when it was asked for', async () => {
  const issued = await issue({ apiKey: 'audit-2025' });
  expect(issued).toMatchObject({
    outcome: 'PROPOSED',
    apiKeyId: 'audit-2025',
    apiKey: null,
    events: ['PROPOSAL_CREATED'],
  });
  expect(issued.secret).toMatch(/^nvk_[A-Za-z0-9_-]{43}$/);
  const secret = issued.secret ?? '';
  expect(await viewerOf(secret)).toBe('UNAUTHENTICATED');
  expect((await approve(issued)).events).toEqual(['PROPOSAL_APPROVED', 'API_KEY_ISSUED']);
  expect(await viewerOf(secret)).toEqual({ id: 'audit-2025', role: 'AUDITOR', member: null });
});

test('ruling 20 a key carries its person, who issued it, and all it does is on record under that name', async () => {
  const issued = await issue({ apiKey: 'second-key', role: 'ADMIN', person: 'anna' });
  await approve(issued);
  const asked = async (query: string): Promise<Record<string, never>> => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${issued.secret}` },
      body: JSON.stringify({ query }),
    });
    return ((await response.json()) as { data: Record<string, never> }).data;
  };
  expect(await asked('{ viewer { id person } }')).toEqual({ viewer: { id: 'second-key', person: 'anna' } });
  const { apiKeys } = await server.get<{ apiKeys: { nodes: { id: string }[] } }>(
    'auditor',
    '{ apiKeys(first: 20, role: ADMIN) { nodes { id person issuers } } }',
  );
  expect(apiKeys.nodes).toContainEqual({ id: 'second-key', person: 'anna', issuers: ['admin'] });
  expect(apiKeys.nodes).toContainEqual({ id: 'admin', person: 'admin', issuers: [] });
  // Who proposed the key is no second person to it; who approved it is.
  const proposed = await issue({ apiKey: 'third-key' });
  const approval = (
    secretOf: 'proposer' | 'new',
  ) => `mutation { approveProposal(input: { idempotencyKey: "${secretOf}-${proposed.proposal?.id}",
    proposal: "${proposed.proposal?.id}", hash: "${proposed.proposal?.hash}" }) { outcome rejections { code } } }`;
  expect(await asked(approval('new'))).toMatchObject({
    approveProposal: { outcome: 'REJECTED', rejections: [{ code: 'PROPOSER_CANNOT_APPROVE' }] },
  });
  const { journal } = await server.get<{ journal: { nodes: object[] } }>(
    'auditor',
    '{ journal(last: 1) { nodes { actor person commandType } } }',
  );
  expect(journal.nodes).toEqual([{ actor: 'second-key', person: 'anna', commandType: 'ApproveProposal' }]);
});

test('a broker’s key is bound to its member', async () => {
  const issued = await issue({ role: 'BROKER', member: 'rival', label: 'desk' });
  await approve(issued);
  expect(await viewerOf(issued.secret ?? '')).toEqual({ id: issued.apiKeyId, role: 'BROKER', member: 'rival' });
  expect(issued.apiKeyId).toMatch(/^key_[0-9a-f-]{36}$/);
});

test.each([
  [{ role: 'BROKER' }, 'MEMBER_NOT_FOUND'],
  [{ role: 'BROKER_READONLY', member: 'nobody' }, 'MEMBER_NOT_FOUND'],
  [{ role: 'AUDITOR', member: 'broker' }, 'MEMBER_NOT_FOUND'],
  [{ apiKey: 'admin' }, 'ALREADY_EXISTS'],
  [{ apiKey: 'a key' }, 'ID_INVALID'],
])('a key %j is refused as %s, and no secret is shown', async (input, code) => {
  const { rejections, secret } = await issue(input);
  expect([rejections[0]?.code, secret]).toEqual([code, null]);
});

test('sent again the request gives its first answer without the secret', async () => {
  const input = { apiKey: 'twice', idempotencyKey: 'twice' };
  const first = await issue(input);
  expect(await issue(input)).toEqual({ ...first, replayed: true, secret: null });
  await approve(first);
  const later = await issue(input);
  expect(later).toMatchObject({ replayed: true, secret: null, seq: first.seq, apiKey: { id: 'twice' } });
  expect((await issue({ ...input, label: 'another' })).rejections[0]?.code).toBe('IDEMPOTENCY_KEY_REUSED');
  expect(await viewerOf(first.secret ?? '')).toMatchObject({ id: 'twice' });
});

test('a secret is in no journal, no query and no log', async () => {
  const issued = await issue({ apiKey: 'quiet' });
  await approve(issued);
  const everything = await server.get(
    'admin',
    '{ journal(last: 10) { nodes { text } } apiKeys(first: 100) { nodes { id role label } } proposals(first: 100) ' +
      '{ nodes { command } } }',
  );
  expect(JSON.stringify(everything)).toContain('quiet');
  expect(JSON.stringify(everything)).not.toContain(issued.secret);
  expect(JSON.stringify(server.faults)).not.toContain(issued.secret);
});

test('a revoked key is refused at once, and still listed with the time it ended', async () => {
  const issued = await issue({ apiKey: 'short-lived' });
  await approve(issued);
  await server.pass('1h');
  const revoked = await act<Issued>(
    server,
    'admin',
    'revokeApiKey',
    { apiKey: 'short-lived', reason: 'left the house' },
    FIELDS,
  );
  expect(revoked).toMatchObject({
    outcome: 'DONE',
    proposal: null,
    events: ['API_KEY_REVOKED'],
    secret: null,
    apiKeyId: 'short-lived',
  });
  expect(await viewerOf(issued.secret ?? '')).toBe('UNAUTHENTICATED');
  const { apiKeys } = await server.get<{ apiKeys: { nodes: { id: string; revokedAt: string | null }[] } }>(
    'auditor',
    '{ apiKeys(first: 100, live: false) { nodes { id revokedAt } } }',
  );
  expect(apiKeys.nodes).toEqual([{ id: 'short-lived', revokedAt: new Date(server.clock.now()).toISOString() }]);
  expect((await act(server, 'admin', 'revokeApiKey', { apiKey: 'short-lived', reason: 'x' })).rejections[0]?.code).toBe(
    'API_KEY_NOT_FOUND',
  );
});

test('keys are listed by id, of one role or all, without anything to log in with', async () => {
  const list = async (args: string): Promise<string[]> =>
    (
      await server.get<{ apiKeys: { nodes: { id: string }[] } }>(
        'auditor',
        `{ apiKeys(first: 100${args}) { nodes { id } } }`,
      )
    ).apiKeys.nodes.map(({ id }) => id);
  expect(await list(', role: FEED')).toEqual(['feed']);
  const live = await list(', live: true');
  expect(live).toEqual(expect.arrayContaining(['admin', 'broker', 'feed', 'twice']));
  expect(live).not.toContain('short-lived');
  const fields = Object.keys(
    (await server.get<{ __type: { fields: object[] } }>('admin', '{ __type(name: "ApiKey") { fields { name } } }'))
      .__type.fields,
  );
  expect(fields).toHaveLength(10);
});
