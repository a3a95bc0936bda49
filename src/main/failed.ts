/** What becomes of an opening that fails half way. */

import type { Logger } from 'pino';

/**
 * Closes what was open when something failed. That it cannot be closed either is told, and does not hide what failed.
 */
export async function failed(error: unknown, close: () => Promise<void>, log: Logger): Promise<never> {
  try {
    await close();
  } catch (besides) {
    log.warn({ error: besides }, 'not closed cleanly after a failure');
  }
  throw error;
}
