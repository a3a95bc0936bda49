/** Who is calling: an API key as a bearer token, over HTTP in its header, over a socket in `connection_init`. */

import type { Actor } from '../../core/model/actor';
import type { KeyRegistry } from '../access/keys';

const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]{16,256})$/i;

export function actorOf(keys: KeyRegistry, authorization: unknown): Actor | undefined {
  const secret = typeof authorization === 'string' ? BEARER.exec(authorization)?.[1] : undefined;
  return secret === undefined ? undefined : keys.actorOf(secret);
}
