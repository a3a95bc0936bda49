/**
 * What simulated clients do about margin calls: acknowledge, pay all or part, move collateral from a reserve, close a
 * part of their positions, or nothing. Decided by their temper and patience alone, so the same journal gives the same
 * acts.
 */

import type { Command } from '../core/message/command';
import type { Entry } from '../core/message/envelope';
import type { Event } from '../core/message/event';
import type { Actor } from '../core/model/actor';
import type { MarginCall } from '../core/model/call';
import { formatScaled } from '../units/decimal';
import { type Cash, duration, type Instant, later } from '../units/quantity';
import type { Mirror } from './mirror';
import type { Client } from './population';

/** Something somebody will do at a time, under a key that makes it happen once. */
export interface Intention {
  readonly at: Instant;
  readonly key: string;
  readonly actor: Actor;
  /** Made at the moment it is sent, from what is known then; nothing, if there is nothing left to do. */
  readonly command: () => Command | undefined;
  readonly required?: boolean; // must be done: there is no day without it
}

/** The venue: prices, trades, fills. */
export const FEED: Actor = { id: 'example-feed', role: 'FEED', member: null };
/** A broker acting for its clients. */
export const brokerOf = (member: string): Actor => ({ id: `example-${member}`, role: 'BROKER', member });

const MINUTE = 60_000;

export function createTraders(clients: readonly Client[], mirror: Mirror): (event: Event, entry: Entry) => Intention[] {
  const byAccount = new Map(clients.map((client) => [client.account, client]));
  return (event, entry) => {
    if (event.type !== 'MarginCallIssued') return [];
    const client = byAccount.get(event.issued.account);
    return client ? answerCall(client, event.issued, entry.at, mirror) : [];
  };
}

function answerCall(client: Client, call: MarginCall, now: Instant, mirror: Mirror): Intention[] {
  const acts = later(now, duration(client.patience * MINUTE));
  const seen: Intention = {
    at: later(now, duration(Math.min(client.patience, 2) * 20_000)),
    key: `ack/${call.id}`,
    actor: brokerOf(client.broker),
    command: () => ({ type: 'AcknowledgeMarginCall', call: call.id }),
  };
  const open = (call.amount - call.paid) as Cash;
  switch (client.temper) {
    case 'DEPOSITS':
      // A little more than asked: prices will have moved on by then.
      return [seen, pay(`pay/${call.id}`, acts, client, mirror, ((open * 13n) / 10n) as Cash)];
    case 'DEPOSITS_PART':
      return [seen, pay(`pay/${call.id}`, acts, client, mirror, (open / 3n) as Cash)];
    case 'MOVES_COLLATERAL':
      return client.reserve === null ? [seen] : [seen, move(call, acts, client, client.reserve, mirror, open)];
    case 'CLOSES':
      return [seen, ...closing(client, call, acts, mirror)];
    default:
      return client.patience % 3 === 0 ? [seen] : [];
  }
}

const money = (amount: Cash, scale: number): string => formatScaled((amount > 0n ? amount : 1n) as Cash, scale);

const pay = (
  key: string,
  at: Instant,
  { account, broker, currency }: Client,
  mirror: Mirror,
  amount: Cash,
): Intention => ({
  at,
  key,
  actor: brokerOf(broker),
  command: () => ({ type: 'DepositCollateral', account, currency, amount: money(amount, mirror.scale(currency)) }),
});

const move = (
  call: MarginCall,
  at: Instant,
  { account: to, broker, currency }: Client,
  from: string,
  mirror: Mirror,
  amount: Cash,
): Intention => ({
  at,
  key: `move/${call.id}`,
  actor: brokerOf(broker),
  command: () => ({ type: 'TransferCollateral', from, to, currency, amount: money(amount, mirror.scale(currency)) }),
});

/**
 * Half of every position, sold back to the provider it came from, at the mark. Price and size are those of the moment
 * it is sent.
 */
const closing = (client: Client, call: MarginCall, at: Instant, mirror: Mirror): Intention[] =>
  client.positions.map(({ instrument, provider }) => ({
    at,
    key: `close/${call.id}/${instrument}`,
    actor: FEED,
    command: () => {
      const held = mirror.size(client.account, instrument);
      if (held === 0n) return undefined;
      const half = (held < 0n ? -held : held) / 2n || 1n;
      const [buyer, seller] = held > 0n ? [provider, client.account] : [client.account, provider];
      return {
        type: 'SubmitTrade',
        trade: `close-${call.id}-${instrument}`,
        instrument,
        buyer,
        seller,
        price: mirror.priceText(instrument, mirror.mark(instrument)),
        size: mirror.sizeText(instrument, half),
        taker: null,
        buyOrder: null,
        sellOrder: null,
      };
    },
  }));
