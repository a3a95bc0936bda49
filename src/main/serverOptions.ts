/** Options of the server: who may reach what of it, and how much of it. Rows of the table of options. */

import { readFileSync } from 'node:fs';
import { ROLES } from '../graphql/access/policy';
import { type Limits, STANDARD_LIMITS } from '../graphql/limit/limits';
import { createCallers } from '../graphql/server/callers';
import { INTROSPECTION_ROLES, type Place } from '../graphql/server/options';
import { type Kind, listOf, type Option, oneOf, orNone, text, yesOrNo } from './option';

type GivenLimits = Readonly<Partial<Limits>>;

/** Those that may be nothing at all; a limit of 0 would keep everybody out. */
const MAY_BE_NOTHING: ReadonlySet<string> = new Set(['drainMs']);
const MOST_LIMIT = 1_000_000_000;

const limits: Kind<GivenLimits> = {
  shape:
    `a limit with its number, or several between commas, such as depth=12,socketsPerKey=500: ` +
    `${Object.keys(STANDARD_LIMITS).join(', ')}`,
  valueName: 'name=number,…',
  read(given) {
    const pairs = given === '' ? [] : given.split(',').map((part) => /^\s*(\w+)=(\d{1,10})\s*$/.exec(part));
    const right = pairs.every((pair) => {
      const [, name = '', number = ''] = pair ?? [];
      const least = MAY_BE_NOTHING.has(name) ? 0 : 1;
      return Object.hasOwn(STANDARD_LIMITS, name) && Number(number) >= least && Number(number) <= MOST_LIMIT;
    });
    return right ? Object.fromEntries(pairs.map((pair) => [pair?.[1], Number(pair?.[2])])) : undefined;
  },
  show: (value) =>
    Object.entries({ ...STANDARD_LIMITS, ...value })
      .map(([name, number]) => `${name}=${number}`)
      .join(','),
};

const HASH = /^[0-9a-f]{64}$/;

/** SHA-256 of documents: a list of them, or, as tools write it, an object of documents by them. */
const documents: Kind<ReadonlySet<string>> = {
  shape: 'a file of JSON: a list of SHA-256 in hexadecimal, or an object of documents by their SHA-256',
  valueName: 'file',
  read(given) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(given, 'utf8'));
      const hashes: unknown[] = Array.isArray(parsed) ? parsed : Object.keys(parsed as object);
      return hashes.every((hash) => typeof hash === 'string' && HASH.test(hash))
        ? new Set(hashes as string[])
        : undefined;
    } catch {
      return undefined;
    }
  },
};

const place: Kind<Place> = {
  shape: 'an address and a port, such as 127.0.0.1:9464 or [::1]:9464',
  valueName: 'address:port',
  read(given) {
    const [, six, name, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]{1,253})):(\d{1,5})$/.exec(given) ?? [];
    const host = six ?? name;
    return host !== undefined && Number(port) <= 65_535 ? { host, port: Number(port) } : undefined;
  },
};

const network: Kind<string> = {
  shape: 'an address or a network, such as 10.0.0.0/8',
  valueName: 'network',
  read(given) {
    try {
      createCallers([given]);
      return given;
    } catch {
      return undefined;
    }
  },
};

const secret = text('a key of 16 to 200 letters, digits or signs without a space', /^[\x21-\x7e]{16,200}$/, 'key');

export const SERVER_OPTIONS = {
  limits: {
    env: 'NOVATE_LIMITS',
    flag: true,
    kind: limits,
    standard: {},
    commands: 'START',
    says: 'Limits that differ from the standard ones',
  } as Option<GivenLimits>,
  allowedOrigins: {
    env: 'NOVATE_ALLOWED_ORIGINS',
    flag: true,
    kind: listOf(text('an origin such as https://portal.example', /^https?:\/\/[^\s/,]+$/, 'origin')),
    standard: [],
    commands: 'START',
    says: "Origins of web pages that may open sockets, besides the server's own",
  } as Option<readonly string[]>,
  introspection: {
    env: 'NOVATE_INTROSPECTION',
    flag: true,
    kind: listOf(oneOf(...ROLES)),
    standard: INTROSPECTION_ROLES as readonly (typeof ROLES)[number][],
    commands: 'START',
    says: 'Roles that may ask for the schema; nothing between the commas for nobody',
  } as Option<readonly (typeof ROLES)[number][]>,
  trustedDocuments: {
    env: 'NOVATE_TRUSTED_DOCUMENTS',
    flag: true,
    kind: orNone(documents),
    standard: null,
    commands: 'START',
    says: 'The only documents that are answered; without it all are',
  } as Option<ReadonlySet<string> | null>,
  trustedProxies: {
    env: 'NOVATE_TRUSTED_PROXIES',
    flag: true,
    kind: listOf(network),
    standard: [],
    commands: 'START',
    says: 'Proxies whose header X-Forwarded-For says who is calling; limits by address count those callers',
  } as Option<readonly string[]>,
  explorer: {
    env: 'NOVATE_EXPLORER',
    flag: true,
    kind: yesOrNo,
    standard: true,
    commands: 'START',
    says: 'Whether browsers get GraphiQL at /graphql',
  } as Option<boolean>,
  explorerAddress: {
    env: 'NOVATE_EXPLORER_ADDRESS',
    flag: true,
    kind: orNone(place),
    standard: null,
    commands: 'START',
    says: 'Where GraphiQL is served, with the API beside it; without it, where the API is',
  } as Option<Place | null>,
  explorerKey: {
    env: 'NOVATE_EXPLORER_KEY',
    flag: false,
    kind: orNone(secret),
    standard: null,
    commands: 'START',
    says: 'What a browser has to give as password to be shown GraphiQL, under any name; without it nothing',
  } as Option<string | null>,
  metricsAddress: {
    env: 'NOVATE_METRICS_ADDRESS',
    flag: true,
    kind: orNone(place),
    standard: null,
    commands: 'START',
    says: 'Where /metrics is served, and nothing else; without it, where the API is',
  } as Option<Place | null>,
  metricsKey: {
    env: 'NOVATE_METRICS_KEY',
    flag: false,
    kind: orNone(secret),
    standard: null,
    commands: 'START',
    says: 'What has to be sent for /metrics, as bearer token or as password; without it nothing',
  } as Option<string | null>,
} as const;
