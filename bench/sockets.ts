/**
 * Live subscribers in a process of their own: each has a socket to itself and follows the margin calls of its broker.
 * This process also sends the prices, so that one clock says how long a call took to reach each of them. What comes in
 * is searched for a word and not parsed: readers are to cost less than the house that is measured.
 */

import { WebSocket } from 'ws';
import { type Api, eachOf } from './client';
import { type Percentiles, percentilesOf } from './figures';
import { accountOf, setMark } from './setup';
import { task } from './task';

/** A mark price, and how many accounts it calls. */
export interface Calling {
  readonly price: string;
  readonly calls: number;
}

/**
 * What subscribers ask: all the same; the same, each in words of its own; or each of an account of its own, which alone
 * tells it.
 */
export type Manner = 'SHARED' | 'ALONE' | 'OWN';

export interface SocketsInput {
  readonly url: string;
  readonly secrets: readonly string[]; // of a broker: every subscriber has one of them
  readonly feed: Api;
  readonly subscribers: number;
  readonly manner: Manner;
  readonly warmUp: readonly Calling[]; // not counted
  readonly burst: Calling;
  readonly series: readonly Calling[];
  readonly seconds: number; // after which no further price of the series is sent
}

export interface SocketsOutput {
  readonly opening: number; // seconds, for all sockets
  readonly prices: number; // of the series, sent
  readonly messages: Percentiles; // ms from sending a price of the series to the arrival of each message it caused
  readonly perSecond: number; // messages of the burst
  readonly received: number; // messages with a call, by all, warming up included
}

const CALLED = Buffer.from('"MARGIN_CALL_ISSUED"');
const PATIENCE = 60_000;
const OPENED_TOGETHER = 100;

/** The same words but for an alias or an account, which is of the same length for everybody. */
const questionOf = (manner: Manner, reader: number): string => {
  const whose = manner === 'OWN' ? `(account: "${accountOf(reader)}")` : '';
  const alias = String(manner === 'SHARED' ? 0 : reader).padStart(6, '0');
  return (
    `subscription { marginCalls${whose} { r${alias}: kind type accountId callId amount equity deadline ` +
    `cursor streamSeq } }`
  );
};

/** All of 127.0.0.0/8 is this machine on Linux: a source address has no more ports than a few ten thousand. */
const sourceOf = (reader: number): { localAddress?: string } =>
  process.platform === 'linux' ? { localAddress: `127.0.0.${1 + (reader % 8)}` } : {};

class Audience {
  /** Messages that nobody waited for. */
  surplus = 0;
  private heard: (reader: number) => void = () => this.unexpected();
  private failed: (error: Error) => void = () => undefined;
  private readonly sockets: WebSocket[] = [];

  constructor(private readonly input: SocketsInput) {}

  /** Resolves when the house has taken the subscription: it answers what came after it on the same socket. */
  open(reader: number): Promise<void> {
    const { url, secrets, manner } = this.input;
    const authorization = `Bearer ${secrets[reader % secrets.length]}`;
    const query = questionOf(manner, reader);
    const options = { ...sourceOf(reader), perMessageDeflate: false };
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', options);
    this.sockets.push(socket);
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        reject(error);
        this.failed(error);
      };
      const send = (message: object): void => socket.send(JSON.stringify(message));
      socket.on('open', () => send({ type: 'connection_init', payload: { authorization } }));
      socket.on('message', (data: Buffer) => {
        if (data.includes(CALLED)) return this.heard(reader);
        const { type } = JSON.parse(data.toString()) as { type: string };
        if (type === 'connection_ack') {
          send({ id: 'calls', type: 'subscribe', payload: { query } });
          send({ type: 'ping' });
        } else if (type === 'pong') resolve();
        else if (type !== 'next') fail(new Error(`A subscriber was told: ${data.toString().slice(0, 300)}`));
      });
      socket.on('error', fail);
      socket.on('close', (code) => fail(new Error(`The socket of a subscriber was closed with ${code}`)));
    });
  }

  /** Sends a price and waits until everybody has every call: when each message came, in ms from the sending. */
  hear({ price, calls }: Calling): Promise<number[]> {
    const { subscribers, feed, manner } = this.input;
    const expected = manner === 'OWN' ? calls : subscribers * calls;
    const had = new Uint32Array(subscribers);
    const times: number[] = [];
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${times.length} messages came of ${expected}`)), PATIENCE);
      const began = performance.now();
      const sent = setMark(feed, price);
      this.failed = reject;
      this.heard = (reader) => {
        times.push(performance.now() - began);
        had[reader] = (had[reader] as number) + 1;
        if (times.length < expected) return;
        clearTimeout(timer);
        this.heard = () => this.unexpected();
        if (manner === 'OWN' ? had.every((count) => count <= 1) : had.every((count) => count === calls))
          sent.then(() => resolve(times), reject);
        else reject(new Error(`Of ${price} some were told of more than ${calls} calls, and others of fewer`));
      };
      sent.catch(reject);
    });
  }

  private unexpected(): void {
    this.surplus += 1;
  }

  close(): void {
    this.failed = () => undefined;
    for (const socket of this.sockets) socket.terminate();
  }
}

task(async (input: SocketsInput): Promise<SocketsOutput> => {
  const { subscribers, warmUp, burst, series, seconds } = input;
  const audience = new Audience(input);
  try {
    const from = performance.now();
    await eachOf([...Array(subscribers).keys()], OPENED_TOGETHER, (reader) => audience.open(reader));
    const opening = (performance.now() - from) / 1000;
    for (const each of warmUp) await audience.hear(each);
    const many = percentilesOf(await audience.hear(burst));
    const times: number[] = [];
    let prices = 0;
    const until = performance.now() + seconds * 1000;
    for (const each of series) {
      if (prices > 0 && performance.now() > until) break;
      for (const time of await audience.hear(each)) times.push(time);
      prices += 1;
    }
    if (audience.surplus > 0) throw new Error(`${audience.surplus} more messages came than calls were made`);
    const warming = warmUp.reduce((sum, { calls }) => sum + calls, 0) * (input.manner === 'OWN' ? 1 : subscribers);
    const received = warming + many.count + times.length;
    return { opening, prices, messages: percentilesOf(times), perSecond: (many.count / many.most) * 1000, received };
  } finally {
    audience.close();
  }
});
