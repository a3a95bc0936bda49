/**
 * Rules have a version: what the same command comes to may differ from one to the next, and what was journaled stays
 * what it was. The first entry that is written under other rules than the one before names them, and they hold until
 * another entry does; where none ever did the rules are those of version 1. What was written under earlier rules is
 * applied and never executed again.  Ruling 24, docs/operating.md
 */

import type { Envelope } from '../message/envelope';
import type { View } from '../model/state';

/**
 * The rules of this program. To be raised by one in every release in which some command comes to something else than
 * before.
 */
export const RULES = 4;

/** Rules of a journal that names none. */
export const FIRST_RULES = 1;

/** What the envelope of the next entry says of its rules: nothing where they are those of the entry before. */
export const ruledAs = (view: View): Pick<Envelope, 'rules'> => (view.rules === RULES ? {} : { rules: RULES });
