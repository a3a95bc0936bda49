/**
 * A whole house behind its API for tests: journal in memory, read models, server, a key for every role, a clock to set.
 */

import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { Command } from '../../src/core/message/command';
import { eventsOf } from '../../src/core/message/envelope';
import type { Event } from '../../src/core/message/event';
import { type Actor, SYSTEM } from '../../src/core/model/actor';
import { hashOfSecret } from '../../src/graphql/access/keys';
import type { KeyRole } from '../../src/graphql/access/policy';
import type { ServerOptions } from '../../src/graphql/server/options';
import { createServer } from '../../src/graphql/server/server';
import { createMemoryJournal } from '../../src/journal/memory';
import { createProjector } from '../../src/projections/follow/projector';
import { createReader, type Reader } from '../../src/projections/reading/reader';
import { type ManualClock, manualClock } from '../../src/sequencer/clock';
import { encodeEntry } from '../../src/sequencer/entryText';
import type { House } from '../../src/sequencer/house';
import { recover } from '../../src/sequencer/recover';
import type { Room } from '../../src/sequencer/room';
import { createSequencer } from '../../src/sequencer/sequencer';
import { openPostgres, type Store } from '../../src/store/client';
import { migrate } from '../../src/store/migrate';
import { parseDuration } from '../../src/units/instant';
import { instant } from '../../src/units/quantity';
import { openTestEmbedded } from '../support/embedded';
import { classicPolicy, flatTiers } from '../support/given';
import { START } from '../support/house';
import { createTestDatabase } from '../support/postgres';

export interface Reply<Data = Record<string, never>> {
  readonly status: number;
  readonly data: Data;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Record<string, unknown>;
  }[];
  readonly extensions: Record<string, unknown>;
}

/** Keys of the test house by the name they are asked for. `rival` is the broker of another member. */
export const KEYS = {
  admin: { role: 'ADMIN', member: null },
  admin2: { role: 'ADMIN', member: null },
  officer: { role: 'RISK_OFFICER', member: null },
  auditor: { role: 'AUDITOR', member: null },
  feed: { role: 'FEED', member: null },
  liquidator: { role: 'LIQUIDATOR', member: null },
  broker: { role: 'BROKER', member: 'broker' },
  reader: { role: 'BROKER_READONLY', member: 'broker' },
  rival: { role: 'BROKER', member: 'rival' },
} as const satisfies Record<string, { role: KeyRole; member: string | null }>;

export type KeyName = keyof typeof KEYS;

export const secretOf = (key: KeyName): string => `nvk_secret-of-${key}-for-tests`;
export const bearer = (key: KeyName): string => `Bearer ${secretOf(key)}`;

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly house: House;
  readonly reader: Reader;
  readonly clock: ManualClock;
  readonly faults: unknown[];
  /** Sends an operation over HTTP. */
  ask<Data = Record<string, never>>(key: KeyName | null, query: string, variables?: object): Promise<Reply<Data>>;
  /** The same, where it must succeed. */
  get<Data>(key: KeyName, query: string, variables?: object): Promise<Data>;
  /** Sends a command past the API; throws where it is refused. */
  send(command: Command, actor?: Actor): Promise<readonly Event[]>;
  /** Lets the rows follow, where they were to wait. */
  followRows(): void;
  /** Moves the clock on and lets deadlines be met. */
  pass(span: string): Promise<void>;
  socket(key: KeyName | null, params?: Record<string, unknown>): Client;
  close(): Promise<void>;
}

async function openStore(url: string | undefined): Promise<Store> {
  if (url !== undefined) {
    const store = await openPostgres(url);
    await migrate(store);
    return store;
  }
  try {
    const database = await createTestDatabase();
    const store = await openPostgres(database.url);
    await migrate(store);
    return {
      ...store,
      async close() {
        await store.close();
        await database.drop();
      },
    };
  } catch (error) {
    if (process.env['CI']) throw error;
    return openTestEmbedded();
  }
}

export interface Given extends Partial<ServerOptions> {
  readonly queueLimit?: number;
  readonly room?: Room; // for what is remembered
  readonly manual?: boolean; // whether the API may move the clock
  readonly journal?: readonly string[]; // lines of a house that is started again
  readonly journalFails?: () => boolean; // whether the journal takes nothing any more
  readonly rowsLater?: boolean; // whether the rows stay as they are until `followRows`
  readonly databaseUrl?: string; // of a database of the test's own, which it drops itself
}

/** Lines of the journal of a house, to start it again from. */
export async function linesOf(house: House): Promise<string[]> {
  const lines: string[] = [];
  for await (const { entry } of house.read(0)) lines.push(encodeEntry(entry));
  return lines;
}

/** Members and keys. */
async function admit(send: TestServer['send']): Promise<void> {
  for (const member of ['broker', 'rival']) await send({ type: 'AdmitMember', member, name: `Member ${member}` });
  for (const [name, { role, member }] of Object.entries(KEYS))
    await send({
      type: 'IssueApiKey',
      apiKey: name,
      role,
      member,
      hash: hashOfSecret(secretOf(name as KeyName)),
      label: name,
    });
}

export async function openServer(given: Given = {}): Promise<TestServer> {
  const {
    queueLimit,
    room,
    manual = true,
    journal: lines = [],
    journalFails = () => false,
    rowsLater = false,
    databaseUrl,
    ...options
  } = given;
  const store = await openStore(databaseUrl);
  const journal = createMemoryJournal();
  await journal.append(lines);
  const { append } = journal;
  journal.append = (texts) => (journalFails() ? Promise.reject(new Error('The disk is gone')) : append(texts));
  const { state } = await recover(journal);
  const clock = manualClock(instant(Math.max(START, state.now)));
  const faults: unknown[] = [];
  const house = createSequencer({
    state,
    journal,
    clock,
    onFatal: (error) => faults.push(error),
    ...(queueLimit === undefined ? {} : { queueLimit }),
    ...(room === undefined ? {} : { room }),
  });
  const projector = createProjector({
    store,
    read: (after) => house.read(after),
    onProblem: (error) => faults.push(error),
  });
  let following = !rowsLater;
  if (following) await projector.start();
  else await projector.prepare();
  const stop = house.follow((batch) => (following ? projector.offer(batch) : undefined));
  const reader = createReader(store, projector);
  let sent = lines.length;
  async function send(command: Command, actor: Actor = SYSTEM): Promise<readonly Event[]> {
    const [answer] = await house.submit([{ actor, command, key: `test/${++sent}` }]);
    if (!answer || !('outcome' in answer) || 'rejection' in answer.outcome)
      throw new Error(`${command.type}: ${JSON.stringify(answer)}`);
    return eventsOf(answer.outcome);
  }
  if (lines.length === 0) await admit(send);
  const server = await createServer({
    house,
    reader,
    port: 0,
    clock: manual ? clock : null,
    report: (error) => faults.push(error),
    ...options,
    limits: { drainMs: 0, ...options.limits },
  });

  async function ask<Data>(key: KeyName | null, query: string, variables: object = {}): Promise<Reply<Data>> {
    // On a busy machine the rows may be late; an answer says so, but what a test asks about should be there.
    if (following) await projector.waitFor(house.status().seq, 10_000);
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key ? { authorization: bearer(key) } : {}) },
      body: JSON.stringify({ query, variables }),
    });
    const body = (await response.json()) as Partial<Reply<Data>>;
    return {
      status: response.status,
      data: body.data as Data,
      errors: body.errors ?? [],
      extensions: body.extensions ?? {},
    };
  }
  const clients: Client[] = [];
  return {
    url: server.url,
    port: server.port,
    house,
    reader,
    clock,
    faults,
    ask,
    async get<Data>(key: KeyName, query: string, variables?: object) {
      const { data, errors } = await ask<Data>(key, query, variables);
      if (errors.length > 0) throw new Error(JSON.stringify(errors, null, 1));
      return data;
    },
    send,
    followRows() {
      following = true;
      projector.follow(house.status().seq);
    },
    async pass(span) {
      clock.set(instant(clock.now() + parseDuration(span)));
      await house.advance();
    },
    socket(key, params = key ? { authorization: bearer(key) } : {}) {
      const client = createClient({
        // A state sent first is that of the rows: what happened before should be in it.
        async url() {
          if (following) await projector.waitFor(house.status().seq, 10_000);
          return server.url.replace('http', 'ws');
        },
        webSocketImpl: WebSocket,
        connectionParams: params,
        retryAttempts: 0,
        lazy: true,
      });
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) await client.dispose();
      await server.close();
      stop();
      await projector.close();
      await house.close();
      await store.close();
    },
  };
}

/**
 * Currencies USD and BTC, policy `classic`, BTC-PERP at 50,000 with 5 % and 2.5 %; alice, bob of `broker`, eve of
 * `rival`.
 */
export async function givenPerpetual(server: TestServer, policy: Parameters<typeof classicPolicy> = []): Promise<void> {
  await server.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  await server.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  await server.send(classicPolicy(...policy));
  await server.send({
    type: 'DefineInstrument',
    instrument: 'BTC-PERP',
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
    heartbeat: 7 * 86_400_000,
    allowsNonPositivePrice: false,
    expiry: null,
    variationInterval: 365 * 86_400_000,
    makerFee: '0',
    takerFee: '0',
  });
  await server.send({
    type: 'SetTierSchedule',
    instrument: 'BTC-PERP',
    tiers: flatTiers('0.05', '0.025'),
    effectiveAt: null,
  });
  await mark(server, '50000');
  for (const account of ['alice', 'bob']) await openAccount(server, account, 'broker');
  await openAccount(server, 'eve', 'rival');
}

export async function openAccount(server: TestServer, account: string, member: string, owner = account): Promise<void> {
  const kind = { kind: 'CLIENT', currency: 'USD', policy: 'classic', mode: 'CROSS', instrument: null } as const;
  await server.send({ type: 'OpenAccount', account, member, owner, ...kind });
}

export const pay = (server: TestServer, account: string, amount: string, currency = 'USD') =>
  server.send({ type: 'DepositCollateral', account, currency, amount });

export const mark = (server: TestServer, price: string, instrument = 'BTC-PERP') =>
  server.send({
    type: 'SubmitMarkPrices',
    source: 'venue',
    prices: [{ instrument, price, bid: null, ask: null, observedAt: null }],
  });

let trades = 0;
export const trade = (
  server: TestServer,
  buyer: string,
  seller: string,
  size: string,
  price = '50000',
  instrument = 'BTC-PERP',
) =>
  server.send({
    type: 'SubmitTrade',
    trade: `t${++trades}`,
    instrument,
    buyer,
    seller,
    price,
    size,
    taker: null,
    buyOrder: null,
    sellOrder: null,
  });
