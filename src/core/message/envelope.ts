/** What the journal holds: a command with who sent it and when, and what came of it. */

import type { Count, Instant, Seq } from '../../units/quantity';
import type { Actor } from '../model/actor';
import type { Proposal } from '../model/proposal';
import type { Command } from './command';
import type { Event } from './event';
import type { Rejection } from './rejection';

export interface Envelope {
  readonly seq: Seq;
  readonly at: Instant; // house time; never before the entry before
  readonly actor: Actor;
  readonly key: string | null; // idempotency key
  readonly command: Command;
  readonly rules?: Count; // version of the rules, where it is another than that of the entry before
}

/** Events, or why there are none. Items of a list command that were refused are named by their place. */
export type Outcome =
  | { readonly events: readonly Event[]; readonly refusals?: readonly Refusal[] }
  | { readonly rejection: Rejection };

export interface Refusal {
  readonly item: Count; // place in the command's list, from 0
  readonly rejection: Rejection;
}

export interface Entry extends Envelope {
  readonly outcome: Outcome;
}

export const eventsOf = (outcome: Outcome): readonly Event[] => ('events' in outcome ? outcome.events : []);

/** Why a command was refused, or items of its list were. */
export const rejectionsOf = (outcome: Outcome): readonly Rejection[] =>
  'rejection' in outcome ? [outcome.rejection] : (outcome.refusals ?? []).map(({ rejection }) => rejection);

/** What a command came to. That it was accepted does not say that it was done: it may wait for a second person. */
export type Result =
  | { readonly status: 'DONE'; readonly events: readonly Event[] }
  | { readonly status: 'PROPOSED'; readonly proposal: Proposal }
  | { readonly status: 'REJECTED'; readonly rejection: Rejection };

export function resultOf(outcome: Outcome): Result {
  if ('rejection' in outcome) return { status: 'REJECTED', rejection: outcome.rejection };
  const proposed = outcome.events.find((event) => event.type === 'ProposalCreated');
  return proposed ? { status: 'PROPOSED', proposal: proposed.created } : { status: 'DONE', events: outcome.events };
}
