/**
 * Whether the house is ready: it takes every command and its read models follow the journal. `/healthz` asks less,
 * whether it runs at all: a house whose read models are stuck is not started again for it, because that mends nothing.
 * Rule: RLM-1
 */

import type { FastifyInstance } from 'fastify';
import { readModelsOf } from '../journal/readModels';
import type { Services } from '../reading/context';

/** GET /readyz: 200 and `ready`, or 503 and which part is not, how far behind it is, and why. */
export function addReadiness(app: FastifyInstance, { house, reader }: Pick<Services, 'house' | 'reader'>): void {
  app.get('/readyz', async (_request, reply) => {
    const { running, troubles, seq } = house.status();
    const readModels = readModelsOf(reader.following(), seq);
    const ready = running && troubles.length === 0 && readModels.following;
    const status = ready ? 'ready' : 'not ready';
    return reply
      .code(ready ? 200 : 503)
      .send({ status, house: { running, troubles: troubles.map(({ kind }) => kind), seq }, readModels });
  });
}
