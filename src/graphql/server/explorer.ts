/**
 * GraphiQL for browsers at GET /graphql, from files that were built from its package: nothing is fetched from anywhere
 * else. The page asks for an API key and keeps it in the memory of the page alone.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '../error/problem';
import { errorResponse, type Response } from './apollo';
import { noteCodes } from './denials';
import { PATH } from './options';

// Beside the build in any case: from there two floors up, from the sources three and down again.
const FOLDERS = [join(__dirname, '..', '..', 'explorer'), join(__dirname, '..', '..', '..', 'dist', 'explorer')];

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
  '.html': 'text/html; charset=utf-8',
};

/** What the page may load: itself. Monaco needs styles written by script, and workers from this server. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' " +
  'data:; ' +
  "worker-src 'self' blob:; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const NOT_BUILT = `<!doctype html><meta charset="utf-8"><title>Novate</title>
<p>This is the GraphQL endpoint of Novate. Operations are sent here by POST.
<p>The explorer has not been built: <code>npm run explorer</code> does that.`;

export function serveExplorer(
  app: FastifyInstance,
  guard: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
  folder: string | undefined = FOLDERS.find((path) => existsSync(join(path, 'index.html'))),
): void {
  const files = new Map<string, Buffer>();
  if (folder) for (const name of readdirSync(folder)) files.set(name, readFileSync(join(folder, name)));
  const page = files.get('index.html') ?? Buffer.from(NOT_BUILT);

  app.get(PATH, async (request, reply) => {
    if (!wantsPage(request)) return postOnly(reply);
    if (await guard(request, reply)) return reply;
    return reply
      .header('content-security-policy', POLICY)
      .header('x-frame-options', 'DENY')
      .type('text/html; charset=utf-8')
      .send(page);
  });
  app.get<{ Params: { name: string } }>(
    `${PATH}/explorer/:name`,
    { onRequest: guard },
    async ({ params: { name } }, reply) => {
      const file = files.get(name);
      if (!file) return reply.callNotFound();
      return reply
        .header('cache-control', 'public, max-age=3600')
        .type(TYPES[extname(name)] ?? 'application/octet-stream')
        .send(file);
    },
  );
}

const wantsPage = ({ headers }: FastifyRequest): boolean => headers.accept?.includes('text/html') ?? false;

/** Queries are posted: a link must not be able to ask in somebody's name. */
export function postOnly(reply: FastifyReply): FastifyReply {
  reply.header('allow', 'POST');
  return answer(reply, errorResponse(405, problem('BAD_REQUEST', 'Operations are sent by POST, as JSON.')));
}

export function answer(reply: FastifyReply, { status, headers, body, codes }: Response): FastifyReply {
  noteCodes(reply.request, codes);
  return reply.code(status).headers(Object.fromEntries(headers)).send(body);
}
