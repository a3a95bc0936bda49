/** A day in which something happens on every stream: a call that is met, a call that is not, a liquidation, a fee. */

import type { Event } from '../../../src/core/message/event';
import { givenPerpetual, mark, pay, type TestServer, trade } from '../support';
import { FRAME } from './listen';

/** The subscriptions on which the story is heard, each with a key that may follow it. */
export const STREAMS = {
  marginCalls: [
    'broker',
    `marginCalls(after: $after, snapshot: $snapshot) { ${FRAME} type callId accountId revision amount paid equity ` +
      `cause by }`,
  ],
  accountStatus: [
    'broker',
    `accountStatus(after: $after, snapshot: $snapshot) { ${FRAME} type accountId from to cause rung level equity }`,
  ],
  accountHealth: [
    'broker',
    `accountHealth(accounts: ["alice"], after: $after, snapshot: $snapshot) { ${FRAME} accountId health { equity ` +
      `status openCall } }`,
  ],
  liquidationOrders: [
    'feed',
    `liquidationOrders(after: $after, snapshot: $snapshot) { ${FRAME} type orderId size limit price outcome }`,
  ],
  insuranceFund: [
    'liquidator',
    `insuranceFund(after: $after, snapshot: $snapshot) { ${FRAME} currency amount movements { amount reason } }`,
  ],
  prices: ['feed', `prices(after: $after, snapshot: $snapshot) { ${FRAME} of id price stale source }`],
  events: ['auditor', `events(after: $after, snapshot: $snapshot) { ${FRAME} type actor commandType event }`],
} as const;

export type StreamName = keyof typeof STREAMS;

/** Streams of events; health is state, and tells nobody again what it was in between. */
export const EVENT_STREAMS = (Object.keys(STREAMS) as StreamName[]).filter((name) => name !== 'accountHealth');

export const queryOf = (name: StreamName): string =>
  `subscription ($after: Cursor, $snapshot: Boolean! = false) { ${STREAMS[name][1]} }`;

/** Alice is long 10 from 52,000 with 31,000 paid in; bob stands on the other side. */
export async function givenAlice(
  server: TestServer,
  terms: Parameters<typeof givenPerpetual>[1] = [{ feeRate: '0.005' }],
): Promise<void> {
  await givenPerpetual(server, terms);
  await mark(server, '52000');
  await pay(server, 'alice', '31000');
  await pay(server, 'bob', '900000');
  await trade(server, 'alice', 'bob', '10', '52000');
}

/** The house is waiting for a fill of this order. */
export function orderIn(events: readonly Event[]): string {
  for (const event of events) if (event.type === 'LiquidationOrderIssued') return event.issued.id;
  throw new Error('No order was issued');
}

const BROKER = { id: 'broker', role: 'BROKER', member: 'broker' } as const;

export const callIn = (events: readonly Event[]): string => {
  for (const event of events) if (event.type === 'MarginCallIssued') return event.issued.id;
  throw new Error('No call was issued');
};

/** What happens after `givenAlice`. */
export async function tellStory(server: TestServer): Promise<void> {
  const first = callIn(await mark(server, '50000'));
  await mark(server, '49950');
  await server.send({ type: 'AcknowledgeMarginCall', call: first }, BROKER);
  await pay(server, 'alice', '1000');
  await pay(server, 'alice', '20000');
  callIn(await mark(server, '47900'));
  await server.pass('1h');
  const order = orderIn(await eventsSince(server, 2));
  const fill = { type: 'ReportLiquidationFill', order, counterparty: 'bob' } as const;
  await server.send({ ...fill, trade: 'fill-1', price: '47900', size: '0.1' });
  await server.send({ ...fill, trade: 'fill-2', price: '47850', size: '0.1' });
  await server.pass('30s');
  await mark(server, '48100');
}

/** Events of the last entries. */
export async function eventsSince(server: TestServer, entries: number): Promise<Event[]> {
  const events: Event[] = [];
  for await (const { entry } of server.house.read(server.house.status().seq - entries))
    if ('events' in entry.outcome) events.push(...entry.outcome.events);
  return events;
}
