/**
 * Parts of events, and things of the state, as rows keep them whole: as the journal has them, integers as texts under
 * their names.
 */

import { toJson } from '../../core/kind/json';
import type { Row } from './rows';

export type Json = Row<'MarginPolicy'>['terms'];

export const jsonOf = (part: object | null): Json => JSON.parse(toJson(part)) as Json;
