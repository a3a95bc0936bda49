/** The server: GraphQL over HTTP and WebSocket, GraphiQL for browsers, health and metrics for whoever runs it. */

import { createKeyRegistry } from '../access/keys';
import { createBudgets } from '../limit/budget';
import { createDocuments } from '../limit/documents';
import { type Limits, STANDARD_LIMITS } from '../limit/limits';
import type { Rules } from '../limit/operation';
import { STANDARD_BUDGETS } from '../limit/ownBudgets';
import { createDirectory } from '../live/directory';
import { createLooks } from '../live/looks';
import { keepUp } from '../live/memory';
import { createPulse } from '../live/pulse';
import { amountsOf } from '../reading/amounts';
import type { Services } from '../reading/context';
import { schema } from '../schema';
import { createEndpoint } from './apollo';
import { createCallers } from './callers';
import { createDenials } from './denials';
import { createGate } from './gate';
import { type Layout, layoutOf, type Wishes } from './layout';
import { createListener } from './listener';
import { createMetrics, type Metrics } from './metrics';
import { INTROSPECTION_ROLES, PATH, type Server, type ServerOptions, STANDARD_PORT } from './options';
import { addRoutes, type Parts } from './routes';
import { createSockets } from './socket';
import { refuse, type Upgrade, watchConnections } from './upgrade';

export async function createServer(options: ServerOptions): Promise<Server> {
  const report = options.report ?? (() => undefined);
  const limits: Limits = { ...STANDARD_LIMITS, ...options.limits };
  const metrics = createMetrics(options.house, options.reader);
  const { services, stop } = await openServices(options, metrics, limits);
  const built = schema();
  const rules: Rules = {
    schema: built,
    limits,
    budgets: createBudgets(limits, options.budgets ?? STANDARD_BUDGETS),
    documents: createDocuments({ schema: built, limits, trusted: options.trustedDocuments ?? null }),
    introspection: options.introspection ?? INTROSPECTION_ROLES,
  };
  const endpoint = await createEndpoint(rules, report);
  const denials = createDenials({ write: options.denied ?? (() => undefined), count: metrics.denied });
  const trustedProxies = options.trustedProxies ?? [];
  const callers = createCallers(trustedProxies);
  const gate = createGate({ keys: services.keys, budgets: rules.budgets, limits });
  const origins = new Set(options.allowedOrigins);
  const allowsOrigin = (origin: string): boolean => origins.has(origin);
  const sockets = createSockets({ services, rules, report, counts: metrics.streams, allowsOrigin, callers, denials });
  const { explorerKey = null, metricsKey = null } = options;
  const parts: Parts = { services, gate, endpoint, metrics, denials, explorerKey, metricsKey, report };

  const listeners = layoutOf(wishesOf(options)).map((layout) => {
    const listener = createListener({ limits, trustedProxies, deny: denials.deny });
    addRoutes(listener.app, layout, parts);
    const watch = { limits, callers, deny: denials.deny, report };
    const upgrade: Upgrade = layout.api ? sockets.upgrade : (_request, socket) => refuse(socket, 404);
    return { layout, listener, connections: watchConnections(listener.app.server, upgrade, watch) };
  });
  metrics.gauge('novate_connections_open', 'Connections that are open.', () =>
    total(listeners.map(({ connections }) => connections.open)),
  );
  metrics.gauge('novate_sockets_open', 'Sockets that are open.', () => sockets.open);

  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= end());
  async function end(): Promise<void> {
    for (const { listener } of listeners) listener.drain();
    // Sockets first: a stream that came to its end would tell its reader not to come back.
    await sockets.close();
    services.pulse.stop();
    await Promise.all(listeners.map(({ listener }) => listener.close()));
    await endpoint.close();
    denials.stop();
    stop();
  }

  try {
    const urls = new Map<keyof Layout, string>();
    const ports: number[] = [];
    for (const { layout, listener } of listeners) {
      const { host } = layout.place;
      const port = await listener.listen(host, layout.place.port);
      const own = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
      ports.push(port);
      if (layout.api) for (const origin of [own, `http://localhost:${port}`]) origins.add(origin);
      for (const what of ['api', 'explorer', 'metrics'] as const)
        if (layout[what] && !(what === 'api' && urls.has(what))) urls.set(what, own);
    }
    const at = (what: keyof Layout, path: string): string | null =>
      urls.has(what) ? `${urls.get(what)}${path}` : null;
    return {
      url: `${urls.get('api')}${PATH}`,
      port: ports[0] as number,
      explorerUrl: at('explorer', PATH),
      metricsUrl: `${at('metrics', '/metrics')}`,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where what is to be served. */
const wishesOf = ({
  host = '127.0.0.1',
  port = STANDARD_PORT,
  explorer = true,
  explorerAddress,
  metricsAddress,
}: ServerOptions): Wishes => ({
  place: { host, port },
  explorer,
  explorerAddress: explorerAddress ?? null,
  metricsAddress: metricsAddress ?? null,
});

const total = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);

async function openServices(
  { reader, clock }: ServerOptions,
  { house }: Metrics,
  limits: Limits,
): Promise<{ services: Services; stop(): void }> {
  const [keys, directory] = [createKeyRegistry(), createDirectory()];
  const stop = await keepUp(house, [keys, directory]);
  const pulse = createPulse(house);
  const looks = createLooks(house, pulse, limits.healthIntervalMs);
  const services = {
    house,
    reader,
    keys,
    directory,
    amounts: amountsOf(directory),
    pulse,
    looks,
    clock: clock ?? null,
    limits,
  };
  return { services, stop };
}
