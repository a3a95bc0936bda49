/** A thread that brings a price every so many milliseconds, whatever else goes on, and notes when each was durable. */

import type { MessagePort } from 'node:worker_threads';
import { SYSTEM } from '../../../src/core/model/actor';
import type { Submission } from '../../../src/sequencer/house';
import { joinHouse, type RemoteHouse } from '../../../src/sequencer/thread/remote';
import type { Functions } from '../../../src/thread/line';
import { lineOut } from '../../../src/thread/thread';

export interface FeedCalls {
  /** Told, with the port on which the house is. */
  join(port: MessagePort): Promise<void>;
  /**
   * Brings prices for a while. Resolves with the milliseconds from the instant at which each was due until it was
   * durable.
   */
  bring(order: { readonly everyMs: number; readonly forMs: number }): Promise<number[]>;
}

let joined: Promise<RemoteHouse>;
let brought = 0;

/** A price that nobody gets into trouble by. */
function price(): Submission {
  brought += 1;
  const mark = {
    instrument: 'BTC-PERP',
    price: String(50_000 + (brought % 50)),
    bid: null,
    ask: null,
    observedAt: null,
  };
  return { actor: SYSTEM, key: null, command: { type: 'SubmitMarkPrices', source: 'venue', prices: [mark] } };
}

lineOut<Functions<object>, FeedCalls>(
  {
    async join(port) {
      joined = joinHouse(port, {
        onError: (error) => {
          throw error;
        },
      });
      await joined;
    },
    async bring({ everyMs, forMs }) {
      const house = await joined;
      const began = performance.now();
      const took: Promise<number>[] = [];
      for (let due = 0; due < forMs; due += everyMs) {
        await new Promise((resolve) => setTimeout(resolve, began + due - performance.now()));
        took.push(house.submit([price()]).then(() => performance.now() - began - due));
      }
      return Promise.all(took);
    },
  },
  {},
);
