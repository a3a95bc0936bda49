/** How long lists in inputs may be. */

import { problem } from '../error/problem';

export const LONGEST_LIST = 1_000;

/** Errors: LIMIT_EXCEEDED. */
export function checkListSize(name: string, list: readonly unknown[], longest = LONGEST_LIST): void {
  if (list.length === 0 || list.length > longest)
    throw problem('LIMIT_EXCEEDED', `\`${name}\` takes 1 to ${longest} items.`, { limit: 'list', maximum: longest });
}
