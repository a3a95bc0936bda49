/** Random lives of a book: the same steps for whichever books are given. */

import { canonicalText } from '../../../src/core/message/command';
import type { Account, AccountId, AccountState, GainOfWindow, Position } from '../../../src/core/model/account';
import type { Book } from '../../../src/core/model/book';
import { cash, instant, margin, size } from '../../../src/units/quantity';
import { ratio } from '../../../src/units/ratio';
import type { Random } from '../../support/random';

export const CURRENCIES = ['USD', 'EUR', 'BTC', 'ETH'];
export const INSTRUMENTS = ['BTC-PERP', 'ETH-PERP', 'SOL-PERP', 'XRP-PERP', 'BTC-MAR27'];

export const anyAccount = (random: Random, id: AccountId, owner: string): Account => {
  const isolated = random.chance(20);
  return {
    id,
    owner,
    member: `m${random.below(3)}`,
    kind: random.pick(['CLIENT', 'HOUSE', 'CLOSE_OUT'] as const),
    currency: random.pick(CURRENCIES),
    policy: `p${random.below(4)}`,
    mode: isolated ? 'ISOLATED' : 'CROSS',
    instrument: isolated ? random.pick(INSTRUMENTS) : null,
    leverage: random.chance(30) ? ratio(BigInt(random.between(2, 100)), BigInt(random.between(1, 3))) : null,
  };
};

const LIMIT = 2n ** 53n;

/** Mostly ordinary; now and then just about where floats stop to tell integers apart, or far beyond. */
export const anyInteger = (random: Random): bigint => {
  const kind = random.below(20);
  if (kind === 0) return (random.chance(50) ? LIMIT : -LIMIT) + BigInt(random.between(-2, 2));
  if (kind === 1) return random.signed(random.between(54, 100));
  return kind < 5 ? 0n : random.signed(random.between(1, 50));
};

const positive = (value: bigint): bigint => (value < 0n ? -value : value);

export const anyPosition = (random: Random): Position => ({
  size: size(anyInteger(random)),
  cost: cash(anyInteger(random)),
  bids: size(random.chance(85) ? 0n : positive(anyInteger(random))),
  asks: size(random.chance(85) ? 0n : positive(anyInteger(random))),
  gain: cash(random.chance(50) ? 0n : anyInteger(random)),
  ...(random.chance(80)
    ? {}
    : { recent: { since: instant(random.between(1, 1e6)), now: anyGain(random), before: anyGain(random) } }),
  ...(random.chance(60) ? {} : { sinceOpened: { settled: cash(anyInteger(random)), realised: cash(1n) } }),
});

const anyGain = (random: Random): GainOfWindow => ({
  gained: cash(anyInteger(random)),
  closed: size(anyInteger(random)),
  worth: margin(anyInteger(random)),
  ahead: cash(anyInteger(random)),
});

const anyState = (random: Random): AccountState => ({
  status: random.pick(['HEALTHY', 'WARNING', 'CALL', 'LIQUIDATING', 'RESTORED', 'BANKRUPT', 'CLOSED'] as const),
  warned: random.chance(5) ? random.between(250, 1000) : random.below(4),
  waived: random.chance(20),
  liquidations: random.chance(80) ? [] : [instant(random.between(1, 1e6))],
  levied: cash(random.chance(80) ? 0n : anyInteger(random)),
});

export interface Life {
  readonly ids: AccountId[];
  /** One act on all of the books. */
  step(): void;
}

/** Of as many owners as said: with few, each has many accounts. */
export function lifeOf(random: Random, books: readonly Book[], owners: number, ids: AccountId[] = []): Life {
  const onAll = (act: (book: Book) => void): void => books.forEach(act);
  return {
    ids,
    step() {
      if (ids.length === 0 || random.chance(5)) {
        const account = anyAccount(random, `client-${ids.length}`, `o${random.below(owners)}`);
        ids.push(account.id);
        onAll((book) => book.open(account));
        return;
      }
      const id = random.pick(ids);
      const kind = random.below(10);
      if (kind < 2) {
        const state = anyState(random);
        onAll((book) => book.setState(id, state));
      } else if (kind < 4) {
        const currency = random.pick(CURRENCIES);
        const amount = random.chance(30) ? -(books[0] as Book).balance(id, currency) : anyInteger(random);
        onAll((book) => book.addBalance(id, currency, cash(amount)));
      } else {
        const position = random.chance(35) ? undefined : anyPosition(random);
        const instrument = random.pick(INSTRUMENTS);
        onAll((book) => book.setPosition(id, instrument, position));
      }
    },
  };
}

/** Everything a book tells, as text; of an index what it holds, in order. */
export function told(book: Book, owners: number): string[] {
  const sorted = (part: string, ids: Iterable<string>): string => `${part}\t${[...ids].sort().join(' ')}`;
  const ownerIds = Array.from({ length: owners }, (_, i) => `o${i}`);
  return [
    ...[...book.accountIds()].sort().flatMap((id) => accountLines(book, id)),
    `count\t${book.accountCount}`,
    ...INSTRUMENTS.map((instrument) => sorted(`holders\t${instrument}`, book.holders(instrument))),
    ...INSTRUMENTS.map((instrument) => `long\t${instrument}\t${book.longLots(instrument)}`),
    ...CURRENCIES.map((currency) => sorted(`collateral\t${currency}`, book.collateralHolders(currency))),
    ...CURRENCIES.map((currency) => `held\t${currency}\t${book.collateralHeld(currency)}`),
    ...ownerIds.map((owner) => sorted(`owner\t${owner}`, book.accountsOf(owner))),
    ...ownerIds.flatMap((owner) =>
      INSTRUMENTS.map((each) => `exposure\t${owner}\t${each}\t${book.ownerExposure(owner, each)}`),
    ),
  ];
}

/** As the digest of a house writes them. */
const accountLines = (book: Book, id: AccountId): string[] => [
  `account\t${canonicalText(book.account(id))}\t${canonicalText(book.stateOf(id))}`,
  ...[...book.balances(id)].map(([currency, amount]) => `balance\t${id}\t${currency}\t${amount}`).sort(),
  ...[...book.positions(id)]
    .map(([instrument, position]) => `position\t${id}\t${instrument}\t${canonicalText(position)}`)
    .sort(),
];
