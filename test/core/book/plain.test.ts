import { createColumnBook } from '../../../src/core/book/columnBook';
import { EMPTY_POSITION, exposureOf } from '../../../src/core/book/exposure';
import { createPlainBook } from '../../../src/core/book/plain';
import type { Account, Position } from '../../../src/core/model/account';
import { cash, size } from '../../../src/units/quantity';
import { randomOf } from '../../support/random';

const account = (id: string, owner: string): Account => ({
  id,
  owner,
  member: 'm',
  kind: 'CLIENT',
  currency: 'USD',
  policy: 'p',
  mode: 'CROSS',
  instrument: null,
  leverage: null,
});

const position = (lots: bigint, bids: bigint, asks: bigint): Position => ({
  size: size(lots),
  cost: cash(lots),
  bids: size(bids),
  asks: size(asks),
  gain: cash(0n),
});

test.each([
  [0n, 0n, 0n, 0n],
  [5n, 0n, 0n, 5n],
  [-5n, 0n, 0n, 5n],
  [5n, 3n, 0n, 8n],
  [5n, 0n, 3n, 5n], // selling orders shrink a long position first
  [5n, 0n, 11n, 6n], // and may turn it round
  [-5n, 3n, 4n, 9n],
  [0n, 3n, 4n, 4n],
])('IM-1 a position of %s with bids %s and asks %s can reach %s', (lots, bids, asks, exposure) => {
  expect(exposureOf(position(lots, bids, asks))).toBe(exposure);
});

test.each([
  ['plain', createPlainBook],
  ['column', createColumnBook],
])(
  'MT-3 holders, balances and the exposure of owners are what adding everything up anew gives: %s book',
  (_, createBook) => {
    const random = randomOf(21);
    const book = createBook();
    const ids = Array.from({ length: 12 }, (_, i) => `a${i}`);
    const instruments = ['X', 'Y'];
    const currencies = ['USD', 'BTC'];
    ids.forEach((id, i) => {
      book.open(account(id, `o${i % 4}`));
    });
    const positions = new Map<string, Position>();
    const balances = new Map<string, bigint>();

    for (let step = 0; step < 3000; step++) {
      const id = random.pick(ids);
      if (random.chance(30)) {
        const currency = random.pick(currencies);
        const key = `${id} ${currency}`;
        // Every third payment takes everything out again.
        const amount = random.chance(33) ? -(balances.get(key) ?? 0n) : random.signed(10);
        balances.set(key, (balances.get(key) ?? 0n) + amount);
        book.addBalance(id, currency, cash(amount));
      } else {
        const instrument = random.pick(instruments);
        const next = random.chance(30) ? undefined : position(random.signed(6), random.bits(5), random.bits(5));
        positions.set(`${id} ${instrument}`, next ?? EMPTY_POSITION);
        book.setPosition(id, instrument, next);
      }
      if (step % 20 !== 0) continue;
      for (const instrument of instruments) {
        const held = ids.filter((each) => {
          const { size: lots, bids, asks } = positions.get(`${each} ${instrument}`) ?? EMPTY_POSITION;
          return lots !== 0n || bids !== 0n || asks !== 0n;
        });
        expect([...book.holders(instrument)].sort()).toEqual(held.sort());
        for (const owner of ['o0', 'o1', 'o2', 'o3']) {
          const sum = [...book.accountsOf(owner)].reduce(
            (total, each) => total + exposureOf(positions.get(`${each} ${instrument}`) ?? EMPTY_POSITION),
            0n,
          );
          expect(book.ownerExposure(owner, instrument)).toBe(sum);
        }
      }
      expect([...book.collateralHolders('BTC')].sort()).toEqual(
        ids.filter((each) => (balances.get(`${each} BTC`) ?? 0n) !== 0n).sort(),
      );
      expect([...book.collateralHolders('USD')]).toEqual([]);
      for (const each of ids)
        for (const currency of currencies)
          expect(book.balance(each, currency)).toBe(balances.get(`${each} ${currency}`) ?? 0n);
    }
  },
);
