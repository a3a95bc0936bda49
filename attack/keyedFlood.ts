/**
 * What somebody with a key of a broker or a feed can do: long lists, costly questions, documents that nobody knows or
 * that are wrong, huge texts, the same again under the same key, the same trades, streams that are opened and dropped,
 * and as many sockets as there may be. Another key is served meanwhile and afterwards; every answer is one that is
 * described; and the house holds what it has acknowledged, no more and no less.
 */

import { connect, type Socket } from 'node:net';
import { accountOf, INSTRUMENT, MARK, PROVIDER } from '../bench/setup';
import type { Random } from '../src/interop/random';
import { type Attack, type Effort, type Outcome, strikeAll } from './attack';
import { type Book, fillBook } from './book';
import { type Answer, call, comesTrue, type Door, hangUp, isPassing, metricOf, post, untyped } from './caller';
import { opening, text } from './frames';
import { harmOf, heldBy } from './house';
import { createPayments } from './payments';
import { newFolder, type Running, removeFolder, startHouse } from './running';
import { send } from './wire';

const LIST_LENGTH = 1_000;
const LIST =
  'mutation ($input: DepositCollateralBatchInput!) { paid: depositCollateralBatch(input: $input) { items { ' +
  'outcome seq replayed } } }';
const TRADES =
  'mutation ($input: SubmitTradesInput!) { traded: submitTrades(input: $input) { items { outcome seq rejections { ' +
  'code } } } }';
const ORDER = 'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { outcome rejections { code } } }';
const COSTLY = `{ accounts(first: 100) { totalCount nodes { id owner status health { equity initial maintenance freeMargin }
  balances { currency amount } positions(first: 20) { nodes { size gain cost } } } } }`;

interface Flood {
  readonly book: Book;
  readonly house: Running;
  /** Payments of lists that were done; each list by its key, with its entries. */
  readonly lists: Map<string, readonly string[]>;
  /** Lists without an answer: they may have been done in whole, in part or not at all. */
  readonly unknown: Set<string>;
  readonly traded: Set<string>; // ids of trades that were accepted
}

type Strike = (flood: Flood, random: Random, nth: number) => Promise<string | undefined>;

interface Item {
  readonly outcome: string;
  readonly seq: string;
  readonly replayed?: boolean;
  readonly rejections?: readonly { readonly code: string }[];
}

const itemsOf = ({ data }: Answer, field: string): readonly Item[] | undefined =>
  (data?.[field] as { items: Item[] } | undefined)?.items;

const paymentsOf = (key: string): readonly object[] =>
  Array.from({ length: LIST_LENGTH }, (_, i) => ({
    account: accountOf((i + key.length) % 20),
    currency: 'USD',
    amount: '0.01',
  }));

async function sendList({ book, lists, unknown }: Flood, key: string): Promise<Answer | string> {
  const answer = await call(book.broker, LIST, { input: { idempotencyKey: key, deposits: paymentsOf(key) } });
  const items = itemsOf(answer, 'paid');
  if (!items) {
    // Whoever is over his budget knows that nothing was done: the sum of all in the end tells whether that is so.
    if (isPassing(answer) && !answer.codes.includes('RATE_LIMITED')) unknown.add(key);
    return answer;
  }
  const entries = items.map(({ seq }) => seq);
  if (items.length !== LIST_LENGTH || !items.every(({ outcome }) => outcome === 'DONE'))
    return `a list of payments was done in part: ${key}`;
  const first = lists.get(key);
  if (first && (first.join() !== entries.join() || !items.every(({ replayed }) => replayed)))
    return `a list was done twice: ${key}`;
  lists.set(key, entries);
  unknown.delete(key);
  return answer;
}

const typedOr = (answer: Answer | string): string | undefined =>
  typeof answer === 'string' ? answer : untyped(answer);

const newList: Strike = async (flood, _random, nth) => typedOr(await sendList(flood, `list/${nth}`));

const listAgain: Strike = async (flood, random) => {
  const key = random.pick([...flood.lists.keys(), 'list/again']);
  return typedOr(await sendList(flood, key));
};

/** The same key with something else in it. */
const otherBody: Strike = async ({ book, lists }, random) => {
  const key = random.pick([...lists.keys(), 'list/other']);
  if (!lists.has(key)) return undefined;
  const deposits = [{ account: accountOf(0), currency: 'USD', amount: '7' }];
  const answer = await call(book.broker, LIST, { input: { idempotencyKey: key, deposits } });
  return itemsOf(answer, 'paid')?.some(({ outcome }) => outcome === 'DONE')
    ? `a key was taken for another payment: ${key}`
    : untyped(answer);
};

/** Few ids, so that most of them were traded before. */
const trades: Strike = async ({ book, traded }, random, nth) => {
  const sent = Array.from({ length: 50 }, () => `trade/${random.below(400)}`);
  const input = {
    idempotencyKey: `trades/${nth}`,
    trades: sent.map((trade) => ({
      trade,
      instrument: INSTRUMENT,
      buyer: 'trader',
      seller: PROVIDER,
      price: MARK,
      size: '0.1',
    })),
  };
  const answer = await call(book.feed, TRADES, { input });
  const items = itemsOf(answer, 'traded');
  let wrong: string | undefined;
  items?.forEach(({ outcome, rejections }, i) => {
    const trade = sent[i] as string;
    if (outcome === 'DONE' && traded.has(trade)) wrong = `${trade} was cleared twice`;
    if (outcome === 'DONE') traded.add(trade);
    else if (rejections?.[0]?.code !== 'DUPLICATE_TRADE') wrong = `${trade} was rejected: ${rejections?.[0]?.code}`;
  });
  return wrong ?? untyped(answer);
};

const costly: Strike = async ({ book }, random) => {
  const nested = `{ ${Array.from(
    { length: 20 + random.below(30) },
    (_, i) => `a${i}: accounts(first: 100) { nodes { id } }`,
  ).join(' ')} }`;
  return untyped(
    await call(book.broker, random.pick([COSTLY, nested, `{ ${'accounts(first: 1) { nodes { '.repeat(200)}`])),
  );
};

/** Each of them another one: right, wrong at its end, or no document at all. */
const documents: Strike = async ({ book }, random, nth) => {
  const fields = Array.from({ length: 25 }, (_, i) => `f${i}_${nth}: viewer { id role }`).join(' ');
  const bodies = [
    `{ ${fields} }`,
    `{ ${fields} wrong }`,
    `{ ${fields}`,
    `query Q($a${nth}: Int) { viewer { id } }`,
    `${'#'.repeat(90_000)}{`,
  ];
  return untyped(await call(book.broker, random.pick(bodies)));
};

const huge: Strike = async ({ book }, random) => {
  const long = 'x'.repeat(random.pick([201, 10_000, 95_000]));
  const input = { idempotencyKey: `huge/${random.below(1e9)}`, account: accountOf(0), currency: 'USD', amount: '1' };
  const inputs = [
    ...[
      { idempotencyKey: long },
      { account: long },
      { currency: long },
      { amount: '9'.repeat(40) },
      { amount: `0.${'1'.repeat(5_000)}` },
    ],
    ...[
      { amount: '1e30' },
      { amount: 'NaN' },
      { amount: -1 },
      { amount: [[]] },
      { [long]: 1 },
      { account: '\u0000' },
      { account: '\ud800' },
    ],
  ];
  const order = {
    account: accountOf(0),
    instrument: INSTRUMENT,
    side: 'BUY',
    price: MARK,
    size: '9'.repeat(30),
    idempotencyKey: long.slice(0, 150),
  };
  const paid =
    'mutation ($input: DepositCollateralInput!) { paid: depositCollateral(input: $input) { outcome rejections { ' +
    'code } } }';
  const answer = random.chance(20)
    ? await call(book.broker, ORDER, { input: order })
    : await call(book.broker, paid, { input: { ...input, ...random.pick(inputs) } });
  if ((answer.data?.['paid'] as { outcome: string } | undefined)?.outcome === 'DONE')
    return 'a payment of nonsense was accepted';
  return untyped(answer);
};

/** Bodies that are no question: too large, cut, no object, the same name twice. */
const bodies: Strike = async ({ book }, random) => {
  const waste = JSON.stringify({
    query: '{ __typename }',
    variables: { waste: 'x'.repeat(random.pick([99_000, 900_000, 1_100_000])) },
  });
  const answer = await post(
    book.broker,
    random.pick([waste, waste.slice(0, 50), '[]', '{"query":"{ __typename }","query":"{ viewer { id } }"}']),
  );
  // Too large a body is refused before it is read; the sender may meet the end of the connection first.
  return answer.status === 0 ? undefined : untyped(answer);
};

/** Streams that are opened and dropped, some of them after a while and in the middle of a frame. */
const streams: Strike = async ({ book, house }, random) => {
  const init = text({ type: 'connection_init', payload: { authorization: `Bearer ${book.broker.secret}` } });
  const query = random.pick([
    'subscription { prices(snapshot: true) { kind } }',
    'subscription { accountHealth(snapshot: true) { kind } }',
    'subscription { events { kind } }',
  ]);
  const open = Array.from({ length: 1 + random.below(25) }, (_, i) =>
    text({ type: 'subscribe', id: `s${i}`, payload: { query } }),
  );
  const parts = [opening(), Buffer.concat([init, ...open])];
  await send(house.target, {
    parts,
    end: random.pick(['RESET', 'CLOSE', 'HALF', 'DEAF']),
    patienceMs: 100 + random.below(300),
  });
  return undefined;
};

const STRIKES: readonly Strike[] = [newList, listAgain, otherBody, trades, costly, documents, huge, bodies, streams];

/** As many sockets as the key may have, and more; returns what is wrong. */
async function sockets({ book, house }: Flood): Promise<string[]> {
  const init = text({ type: 'connection_init', payload: { authorization: `Bearer ${book.broker.secret}` } });
  const MOST = 200; // `socketsPerKey`
  const all: Socket[] = [];
  for (let i = 0; i < MOST + 50; i++) {
    const socket = connect(house.target, () => socket.write(Buffer.concat([opening(), init])));
    all.push(socket.on('error', () => undefined));
    socket.resume();
  }
  const wrong: string[] = [];
  await comesTrue(async () => (await metricOf(house.target, 'novate_sockets_open')) >= MOST, 10_000);
  // Those over the limit are closed as soon as their key is known, and cut off where they do not answer.
  const kept = await comesTrue(async () => (await metricOf(house.target, 'novate_sockets_open')) <= MOST, 20_000);
  if (!kept)
    wrong.push(`${await metricOf(house.target, 'novate_sockets_open')} sockets are open, and a key may have ${MOST}.`);
  for (const socket of all) socket.destroy();
  return wrong;
}

/** Whether somebody else's payment is done, however long the flood has made it wait. */
const served = async (payments: ReturnType<typeof createPayments>, door: Door): Promise<boolean> =>
  comesTrue(async () => (await payments.payOnce(door)).status === 200, 20_000);

async function attackWithKey(house: Running, effort: Effort): Promise<Outcome> {
  const book = await fillBook({ url: house.target.url, secret: house.secretOf('dev-admin') }, ['trader']);
  const flood: Flood = { book, house, lists: new Map(), unknown: new Set(), traded: new Set() };
  const held = await heldBy(house.target);
  const others: string[] = [];
  const payments = createPayments('other', book.accounts, book.cents);
  const { strikes, failures } = await strikeAll(effort, async (random, nth) => {
    if (nth % 50 === 0 && !(await served(payments, book.other))) others.push('Another key is not served meanwhile.');
    return random.pick(STRIKES)(flood, random, nth);
  });
  const wrong = [...failures, ...others.slice(0, 1), ...(await sockets(flood))];
  if (flood.lists.size === 0 || flood.traded.size === 0) wrong.push('Nothing was accepted: nothing was tried.');
  if (!(await served(payments, book.other))) wrong.push('Another key is not served afterwards.');
  for (const key of flood.unknown) {
    const done = await comesTrue(async () => typeof (await sendList(flood, key)) === 'string' || flood.lists.has(key));
    if (!done) wrong.push(`${key} is not done after a minute.`);
  }
  // Nothing of what was refused was done, and all of what was acknowledged.
  const paid = BigInt(flood.lists.size * LIST_LENGTH);
  wrong.push(...(await payments.settle(book.other, house.target, paid)));
  wrong.push(...(await positionOf(book, flood.traded.size)));
  hangUp();
  return { strikes, failures: [...wrong, ...(await harmOf(house.target, held))] };
}

/** The trader holds a tenth of a contract for each trade. */
async function positionOf({ admin }: Book, traded: number): Promise<string[]> {
  const { data } = await call(admin, '{ account(id: "trader") { positions(first: 5) { nodes { size } } } }');
  const account = data?.['account'] as { positions: { nodes: readonly { size: string }[] } } | undefined;
  const tenths = Math.round(Number(account?.positions.nodes[0]?.size ?? 0) * 10);
  return tenths === traded ? [] : [`${tenths} trades are in the position, and ${traded} were accepted.`];
}

export const keyedFlood: Attack = {
  name: 'flood with a key',
  sentence:
    'lists, costly questions, unknown and wrong documents, huge texts, replays, streams and sockets, as a broker ' +
    'and as a feed',
  async run(_target, effort) {
    const data = await newFolder();
    const house = await startHouse({ data });
    try {
      const { strikes, failures } = await attackWithKey(house, effort);
      const code = await house.stop();
      return { strikes, failures: code === 0 ? failures : [...failures, `It ended with ${code}.`] };
    } finally {
      await house.kill();
      await removeFolder(data);
    }
  },
};
