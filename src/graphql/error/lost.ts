/** Whether a failure is that of a database which cannot be reached: nobody's mistake, and over when it is back. */

/**
 * What Prisma calls it: not reached, timed out, closed, no connection to be had, a transaction whose connection is
 * gone.
 */
const CODES: ReadonlySet<unknown> = new Set([
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
]);
/** What a server says that is being shut down or started. */
const STATES: ReadonlySet<unknown> = new Set(['57P01', '57P02', '57P03', '08000', '08003', '08006']);
// The drivers have no code for it, and Prisma puts its own words before those of the embedded one.
const CLOSED =
  /^(Connection terminated|Client has encountered a connection error|Server has closed the connection)|The database thread (has ended|is closed)/;

export function isDatabaseLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, cause, message } = error as Error & { code?: unknown };
  return CODES.has(code) || STATES.has(code) || CLOSED.test(message) || (cause !== undefined && isDatabaseLost(cause));
}
