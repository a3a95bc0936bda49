/**
 * What things cost, in points. A point stands for about twenty microseconds of the server's work. Whatever makes the
 * server work has a price, whether it succeeds or not: a document that cannot be read has been looked at, and so has a
 * wrong key.
 */

/** Any request or message of a socket, before anything is known of it but its key. */
export const REQUEST = 3;
/** A request that was refused because there was not enough left for it. */
export const REFUSED = 1;
/** Of the address that sends it: a request without a key, or with one that is unknown or revoked. */
export const WITHOUT_KEY = 50;
/** A document that was not seen lately: it is parsed and validated. So many of its characters cost a point. */
const CHARACTERS_A_POINT = 20;
/** A body is read and parsed. So many of its bytes cost a point. */
const BYTES_A_POINT = 1_000;
/** A mutation: it is journaled, and made durable. */
export const MUTATION = 10;
export const SUBSCRIPTION = 50;
/** A question about the schema: what tools ask walks through all of it. */
export const INTROSPECTION = 2_000;
/** An item of a list in an input: it is read, executed and answered on its own. */
export const ITEM = 2;

export const priceOfBytes = (bytes: number): number => Math.floor(bytes / BYTES_A_POINT);

export const priceOfDocument = (source: string): number => Math.ceil(source.length / CHARACTERS_A_POINT);
