/** A thread for tests: says what it is told, throws what it is asked to, and ends when that is what is wanted. */

import { lineOut } from '../../src/thread/thread';
import { PARROT_KINDS, type ParrotCalls, type ParrotNews, Refused, RefusedForGood } from './parrotKinds';

const calls: ParrotCalls = {
  say: (text) => text,
  echo: (text) => line.tell('heard', text),
  refuse(forGood) {
    const cause = new RangeError('too much');
    throw forGood
      ? new RefusedForGood('no', { amount: 7n, reasons: ['one', 'two'] }, cause)
      : new Refused('no', {}, cause);
  },
  refuseStrangely() {
    throw Object.assign(new TypeError('odd'), { code: 'ENOENT', work: Symbol('work') });
  },
  fall() {
    setImmediate(() => {
      throw new Error('fallen');
    });
    // Never answered: the thread is gone before.
    return new Promise(() => undefined);
  },
  leave: () => process.exit(7),
};

const line = lineOut<ParrotNews, ParrotCalls>(calls, PARROT_KINDS);
