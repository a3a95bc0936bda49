/**
 * Accounts, balances and positions behind one door, so that how they are stored can change without the rooms noticing.
 * Pure storage: no rule lives here. Iteration has no promised order: a room whose output depends on order sorts by id.
 */

import type { Cash, Count, Size } from '../../units/quantity';
import type { Account, AccountId, AccountState, MemberId, OwnerId, Position } from './account';
import type { CurrencyId, InstrumentId } from './reference';

export interface Book {
  open(account: Account): void;
  /** Another member answers for the account from here on; everything else about it stays. */
  amendMember(id: AccountId, member: MemberId): void;
  account(id: AccountId): Account | undefined;
  accountIds(): Iterable<AccountId>;
  /** So many accounts from a place on, in the order in which they were opened: the same in every book. */
  accountsFrom(first: Count, most: Count): readonly AccountId[];
  readonly accountCount: Count;

  stateOf(id: AccountId): AccountState;
  setState(id: AccountId, state: AccountState): void;

  /** Zero where there is none. */
  balance(id: AccountId, currency: CurrencyId): Cash;
  balances(id: AccountId): Iterable<readonly [CurrencyId, Cash]>;
  addBalance(id: AccountId, currency: CurrencyId, amount: Cash): void;

  position(id: AccountId, instrument: InstrumentId): Position | undefined;
  positions(id: AccountId): Iterable<readonly [InstrumentId, Position]>;
  setPosition(id: AccountId, instrument: InstrumentId, position: Position | undefined): void;

  /** Accounts with a position or an order in the instrument. */
  holders(instrument: InstrumentId): Iterable<AccountId>;
  /** Lots of one side of the instrument: all that is held long. */
  longLots(instrument: InstrumentId): Size;
  /** Accounts that hold the currency although they are margined in another one. */
  collateralHolders(currency: CurrencyId): Iterable<AccountId>;
  /** What all of these hold of it. */
  collateralHeld(currency: CurrencyId): Cash;
  /** Accounts of one beneficial owner. */
  accountsOf(owner: OwnerId): Iterable<AccountId>;
  /** Exposures of all accounts of an owner in an instrument, added up without sign.  Rule: MT-3 */
  ownerExposure(owner: OwnerId, instrument: InstrumentId): Size;
}
