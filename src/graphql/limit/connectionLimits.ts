/** How much one caller may hold open, how slowly it may send, and how the server ends. */

export interface ConnectionLimits {
  readonly connections: number; // open at a time, on one address of the server
  readonly connectionsPerAddress: number; // of the callers; of a network of IPv6
  readonly socketsPerAddress: number;
  readonly socketsPerKey: number;
  readonly headerBytes: number; // of one request
  // from the opening of a connection, or the first byte of a request, to the end of its headers
  readonly headersMs: number;
  readonly requestMs: number; // to the end of its body
  readonly keepAliveMs: number; // between two requests of a connection
  readonly stalledMs: number; // in which nothing was read or written
  readonly checkMs: number; // between two looks for connections that are late
  readonly framesPerSecond: number; // of one socket; what comes faster is read more slowly
  readonly unreadBytes: number; // that a socket has not taken yet, before nothing more is read from it
  readonly drainMs: number; // over which the sockets are closed when the server ends
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  connections: 20_000,
  connectionsPerAddress: 2_000,
  socketsPerAddress: 1_000,
  socketsPerKey: 200,
  headerBytes: 16_384,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 72_000,
  stalledMs: 60_000,
  checkMs: 1_000,
  framesPerSecond: 200,
  unreadBytes: 1_000_000,
  drainMs: 3_000,
};
