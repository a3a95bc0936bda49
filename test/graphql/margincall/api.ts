/** Mutations through the API for tests: typed input, a key of its own each time, and what came of it. */

import { type KeyName, mark, pay, type TestServer, trade } from '../support';

export interface Answer {
  readonly outcome: string;
  readonly seq: string;
  readonly replayed: boolean;
  readonly events: readonly string[];
  readonly rejections: readonly {
    readonly code: string;
    readonly details: readonly { readonly name: string; readonly value: string }[];
  }[];
  readonly proposal: {
    readonly id: string;
    readonly hash: string;
    readonly proposedBy: string;
    readonly reason: string;
  } | null;
}

const ANSWER =
  'outcome seq replayed events rejections { code details { name value } } proposal { id hash proposedBy reason }';

let sent = 0;

/** Runs a mutation whose input is named after it. */
export async function act<More = object>(
  server: TestServer,
  key: KeyName,
  mutation: string,
  input: Readonly<Record<string, unknown>>,
  more = '',
): Promise<Answer & More> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${ANSWER} ${more} } }`;
  const data = await server.get<Record<string, Answer & More>>(key, query, {
    input: { idempotencyKey: `api/${++sent}`, ...input },
  });
  return data[mutation] as Answer & More;
}

/** The code a mutation is refused with. */
export async function refusal(
  server: TestServer,
  key: KeyName,
  mutation: string,
  input: Readonly<Record<string, unknown>>,
) {
  const { outcome, rejections, events } = await act(server, key, mutation, input);
  expect({ outcome, events }).toEqual({ outcome: 'REJECTED', events: [] });
  return rejections[0]?.code;
}

/** Has a second person approve what was proposed. */
export async function approved(server: TestServer, proposed: Answer, key: KeyName = 'admin2'): Promise<Answer> {
  const { id, hash } = proposed.proposal ?? {};
  return act(server, key, 'approveProposal', { proposal: id, hash });
}

export const setMark = (server: TestServer, price: string): Promise<Answer> =>
  act(server, 'feed', 'submitMarkPrices', { source: 'venue', prices: [{ instrument: 'BTC-PERP', price }] });

export const deposit = (server: TestServer, account: string, amount: string): Promise<Answer> =>
  act(server, 'broker', 'depositCollateral', { account, amount, currency: 'USD' });

/**
 * Alice is long 10 with 31,000 paid in, entered at 52,000: at 50,000 her equity is 11,000 of 12,500 maintenance margin.
 */
export async function enter(server: TestServer): Promise<void> {
  await mark(server, '52000');
  await pay(server, 'alice', '31000');
  await pay(server, 'bob', '9000000');
  await trade(server, 'alice', 'bob', '10', '52000');
}

export interface Call {
  readonly id: string;
  readonly status: string;
  readonly revision: number;
  readonly amount: string;
  readonly deadline: string;
  readonly [field: string]: unknown;
}

/** Calls of an account, newest first. */
export async function callsOf(server: TestServer, account = 'alice', fields = ''): Promise<readonly Call[]> {
  const query = `query ($account: ID!) {
    marginCalls(account: $account, order: NEWEST, first: 50) { nodes { id status revision amount deadline ${fields} } }
  }`;
  return (await server.get<{ marginCalls: { nodes: Call[] } }>('broker', query, { account })).marginCalls.nodes;
}

export async function openCallOf(server: TestServer, account = 'alice', fields = ''): Promise<Call> {
  const open = (await callsOf(server, account, fields)).filter(({ status }) => status === 'OPEN');
  expect(open).toHaveLength(1);
  return open[0] as Call;
}

export async function statusOf(server: TestServer, account = 'alice'): Promise<string> {
  return (await server.get<{ account: { status: string } }>('broker', `{ account(id: "${account}") { status } }`))
    .account.status;
}
