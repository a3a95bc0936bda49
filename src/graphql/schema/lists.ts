/** How long lists in inputs may be. */

import { problem } from '../error/problem';

export const LONGEST_LIST = 1_000;

/** Errors: LIMIT_EXCEEDED. */
export function checkListSize(name: string, list: readonly unknown[]): void {
  if (list.length === 0 || list.length > LONGEST_LIST)
    throw problem('LIMIT_EXCEEDED', `\`${name}\` takes 1 to ${LONGEST_LIST} items.`, {
      limit: 'list',
      maximum: LONGEST_LIST,
    });
}
