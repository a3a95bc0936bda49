/** The names that columns hold as numbers, of every kind one list. */

import { createNames, type Names } from './names';
import type { SavedTexts } from './texts';

export interface BookNames {
  readonly accounts: Names; // an account's number is its row
  readonly owners: Names;
  readonly instruments: Names;
}

export type SavedNames = { readonly [List in keyof BookNames]: SavedTexts };

export const createBookNames = (saved?: SavedNames): BookNames => ({
  accounts: createNames(saved?.accounts),
  owners: createNames(saved?.owners),
  instruments: createNames(saved?.instruments),
});

export const savedNames = ({ accounts, owners, instruments }: BookNames): SavedNames => ({
  accounts: accounts.save(),
  owners: owners.save(),
  instruments: instruments.save(),
});

export const bytesOfNames = ({ accounts, owners, instruments }: BookNames): number =>
  accounts.bytes() + owners.bytes() + instruments.bytes();
