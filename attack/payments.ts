/**
 * Payments of a broker, each under a key of its own, and what became of them: which were acknowledged, and with which
 * entry. In the end all are sent again. What was acknowledged must be the same answer once more; and the house holds
 * what was paid, no more and no less.
 */

import { type Answer, call, type Door, isPassing, pause } from './caller';

interface Payment {
  readonly key: string;
  readonly account: string;
  seq: string | undefined; // of the journal, once it was acknowledged
}

export interface Payments {
  /** Pays for so long, several at once. What is turned away or not answered is left for the end. */
  payFor(door: Door, ms: number): Promise<void>;
  /** Pays once; tells whether it was done. */
  payOnce(door: Door): Promise<Answer>;
  readonly acknowledged: number;
  /** How often the house has said no, by code and reason. */
  readonly refusals: ReadonlyMap<string, number>;
  /**
   * Sends all again until each is done; returns what is wrong. `reader` is a key that sees everything; `besides` was
   * paid by others.
   */
  settle(door: Door, reader: Door, besides?: bigint): Promise<string[]>;
}

export const PAY =
  'mutation ($input: DepositCollateralInput!) { paid: depositCollateral(input: $input) { outcome seq replayed ' +
  'rejections { code } } }';
const AT_ONCE = 8;
const MOST = 20_000;

/** Beside the payments nothing is paid to the house but `before`, in cents. */
export function createPayments(run: string, accounts: readonly string[], before: bigint): Payments {
  const all: Payment[] = [];
  const refusals = new Map<string, number>();
  const wrong: string[] = [];

  async function send(door: Door, payment: Payment): Promise<Answer> {
    const input = { idempotencyKey: payment.key, account: payment.account, currency: 'USD', amount: '0.01' };
    const answer = await call(door, PAY, { input });
    for (const name of [...answer.codes, ...answer.reasons]) refusals.set(name, (refusals.get(name) ?? 0) + 1);
    const paid = answer.data?.['paid'] as
      | { outcome: string; seq: string; replayed: boolean; rejections: readonly { code: string }[] }
      | undefined;
    if (!paid) {
      if (!isPassing(answer))
        wrong.push(`${payment.key} was answered with ${answer.status} ${answer.codes.join(' ')}.`);
      return answer;
    }
    if (paid.outcome !== 'DONE') wrong.push(`${payment.key} was rejected: ${paid.rejections[0]?.code}.`);
    if (payment.seq !== undefined && (payment.seq !== paid.seq || !paid.replayed))
      wrong.push(
        `${payment.key} was entry ${payment.seq}, and is entry ${paid.seq} now${paid.replayed ? '' : ', done again'}.`,
      );
    payment.seq = paid.seq;
    return answer;
  }

  function next(): Payment {
    const i = all.length;
    const payment = { key: `${run}/${i}`, account: accounts[i % accounts.length] as string, seq: undefined };
    all.push(payment);
    return payment;
  }

  async function until(door: Door, payment: Payment): Promise<void> {
    const end = performance.now() + 60_000;
    while (isPassing(await send(door, payment))) {
      if (performance.now() > end) {
        wrong.push(`${payment.key} is not done after a minute.`);
        return;
      }
      await pause(100);
    }
  }

  return {
    async payFor(door, ms) {
      const end = performance.now() + ms;
      const pay = async (): Promise<void> => {
        // Whoever is turned away waits a little, as a client does.
        while (performance.now() < end && all.length < MOST) if (isPassing(await send(door, next()))) await pause(50);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, pay));
    },
    payOnce: (door) => send(door, next()),
    get acknowledged() {
      return all.filter(({ seq }) => seq !== undefined).length;
    },
    refusals,
    async settle(door, reader, besides = 0n) {
      const rest = all[Symbol.iterator]();
      const work = async (): Promise<void> => {
        for (const payment of rest) await until(door, payment);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      const held = await heldIn(reader, all);
      const expected = before + BigInt(all.length) + besides;
      if (held !== expected) wrong.push(`The house holds ${held} cents; ${expected} were paid.`);
      return wrong.slice(0, 10);
    },
  };
}

/**
 * What was paid in, in cents, as of an entry that has all payments; undefined where the house does not say, or it does
 * not add up.
 */
async function heldIn(reader: Door, all: readonly Payment[]): Promise<bigint | undefined> {
  const last = all.reduce((most, { seq }) => Math.max(most, Number(seq ?? 0)), 0);
  const query = `query ($seq: Seq) { conservation(atLeast: $seq) { currencies { currency paidIn holds } } }`;
  let answer = await call(reader, query, { seq: String(last) });
  for (let left = 100; left > 0 && isPassing(answer); left--) {
    await pause(200);
    answer = await call(reader, query, { seq: String(last) });
  }
  const { currencies } = (answer.data?.['conservation'] ?? { currencies: [] }) as {
    currencies: readonly { currency: string; paidIn: string; holds: boolean }[];
  };
  const usd = currencies.find(({ currency }) => currency === 'USD');
  return usd?.holds ? centsOf(usd.paidIn) : undefined;
}

export function centsOf(amount: string): bigint {
  const [whole = '0', cents = ''] = amount.split('.');
  return BigInt(whole + cents.padEnd(2, '0').slice(0, 2));
}
