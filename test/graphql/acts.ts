/** Mutations as tests send them: an input with a key of its own, the plain parts of the payload back. */

import { rootFields } from './documents';
import type { KeyName, TestServer } from './support';

export interface Payload {
  readonly outcome: 'DONE' | 'PROPOSED' | 'REJECTED' | 'PARTIAL';
  readonly seq: string;
  readonly at: string;
  readonly replayed: boolean;
  readonly events: readonly string[];
  readonly rejections: readonly {
    readonly code: string;
    readonly field: string | null;
    readonly retriable: boolean;
    readonly details: Readonly<Record<string, string>>;
  }[];
  readonly proposal: { readonly id: string; readonly hash: string; readonly status: string } | null;
}

const PLAIN =
  `outcome seq at replayed events rejections { code field retriable details { name value } } proposal ` +
  `{ id hash status }`;

/** What is selected of a list of payloads. */
export const ITEMS = `outcome items { ${PLAIN} }`;

/** A mutation as a document with its input as the variable `input`. */
export function documentOf(mutation: string, selection: string): string {
  const found = rootFields('mutation').find(({ field }) => field.name === mutation);
  if (!found) throw new Error(`There is no mutation ${mutation}`);
  const type = String(found.field.args[0]?.type);
  return `mutation ($input: ${type}) { ${mutation}(input: $input) { ${selection} } }`;
}

interface Detailed {
  readonly rejections: readonly { readonly details: readonly { readonly name: string; readonly value: string }[] }[];
}

/** Details by their names. */
const shown = <T extends Detailed>(payload: T): T => ({
  ...payload,
  rejections: payload.rejections.map((rejection) => ({
    ...rejection,
    details: Object.fromEntries(rejection.details.map(({ name, value }) => [name, value])),
  })),
});

let keys = 0;
export const nextKey = (): string => `key-${++keys}`;

/** Sends a mutation that must not end in an error; a rejection is an answer. */
export async function act<More = unknown>(
  server: TestServer,
  key: KeyName,
  mutation: string,
  input: object,
  selection = '',
): Promise<Payload & More> {
  const variables = { input: { idempotencyKey: nextKey(), ...input } };
  const data = await server.get<Record<string, Payload & More>>(
    key,
    documentOf(mutation, `${PLAIN} ${selection}`),
    variables,
  );
  return shown(data[mutation] as unknown as Detailed) as Payload & More;
}

/** The same of a mutation that takes a list. */
export async function actOnAll(
  server: TestServer,
  key: KeyName,
  mutation: string,
  input: object,
): Promise<{ outcome: string; items: Payload[] }> {
  const variables = { input: { idempotencyKey: nextKey(), ...input } };
  const data = await server.get<Record<string, { outcome: string; items: Detailed[] }>>(
    key,
    documentOf(mutation, ITEMS),
    variables,
  );
  const { outcome, items } = data[mutation] as { outcome: string; items: Detailed[] };
  return { outcome, items: items.map((item) => shown(item) as unknown as Payload) };
}

/** Sends what must be done, by a second person too where it needs one; throws where it is refused. */
export async function carryOut(server: TestServer, mutation: string, input: object): Promise<Payload> {
  const first = await act(server, 'admin', mutation, input);
  if (first.outcome === 'REJECTED') throw new Error(`${mutation}: ${JSON.stringify(first.rejections)}`);
  if (!first.proposal) return first;
  const { id: proposal, hash } = first.proposal;
  const second = await act(server, 'admin2', 'approveProposal', { proposal, hash });
  if (second.outcome !== 'DONE') throw new Error(`approval of ${mutation}: ${JSON.stringify(second.rejections)}`);
  return second;
}

export const payment = (account: string, amount: string, currency = 'USD') => ({ account, currency, amount });

export const sale = (trade: string, buyer: string, seller: string, size: string, price = '50000') => ({
  ...{ trade, instrument: 'BTC-PERP', buyer, seller, size, price },
});

/** An index of bitcoin in dollars whose one source is trusted for a day. */
export const defineBitcoin = (server: TestServer): Promise<Payload> =>
  act(server, 'admin', 'defineIndex', {
    ...{ base: 'BTC', quote: 'USD', tick: '0.1', sources: ['one'] },
    ...{ minimumSources: 1, maximumDeviation: '0.05', heartbeat: '1d' },
  });

/** What that source says of it. */
export const quoteBitcoin = (server: TestServer, price: string): Promise<Payload> =>
  act(server, 'feed', 'submitIndexPrices', { source: 'one', prices: [{ index: 'BTC/USD', price }] });
