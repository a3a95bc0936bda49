/** What the thread of the tests can be asked, and the errors that are known on both sides. */

import type { Kinds } from '../../src/thread/failure';

export class Refused extends Error {
  override readonly name: string = 'Refused';
  constructor(
    message: string,
    readonly facts: object,
    override readonly cause: unknown,
  ) {
    super(message);
  }
}

export class RefusedForGood extends Refused {
  override readonly name = 'RefusedForGood';
}

export const PARROT_KINDS: Kinds = { RefusedForGood, Refused };

export interface ParrotCalls {
  say(text: string): string;
  echo(text: string): void;
  refuse(forGood: boolean): never;
  refuseStrangely(nothing: null): never;
  fall(nothing: null): Promise<never>;
  leave(nothing: null): void;
}

export interface ParrotNews {
  heard(text: string): void;
}
