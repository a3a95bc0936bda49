/** What a server is made of, and what it gives back. */

import type { Role } from '../../core/model/actor';
import type { Reader } from '../../projections/reading/reader';
import type { ManualClock } from '../../sequencer/clock';
import type { House } from '../../sequencer/house';
import type { OwnBudgets } from '../limit/budget';
import type { Limits } from '../limit/limits';
import type { DenialLine } from './denials';

/** An address to listen on. */
export interface Place {
  readonly host: string;
  readonly port: number; // 0 takes one that is free
}

export interface ServerOptions {
  readonly house: House;
  readonly reader: Reader;
  readonly host?: string; // the machine itself alone, unless it says otherwise
  readonly port?: number; // 0 takes one that is free
  readonly clock?: ManualClock | null; // where time is moved by hand
  readonly allowedOrigins?: readonly string[]; // of browsers that may open sockets, besides the server's own
  readonly introspection?: readonly Role[]; // roles that may ask for the schema
  // SHA-256 of the only documents that are answered; null: all are
  readonly trustedDocuments?: ReadonlySet<string> | null;
  readonly explorer?: boolean; // whether browsers get GraphiQL at GET /graphql
  readonly explorerAddress?: Place | null; // null: where the API is
  readonly explorerKey?: string | null; // null: it is shown to everybody
  readonly metricsAddress?: Place | null;
  readonly metricsKey?: string | null;
  readonly trustedProxies?: readonly string[]; // addresses and networks whose word on who is calling is taken
  readonly limits?: Partial<Limits>;
  readonly budgets?: OwnBudgets; // of roles and keys that have another than the standard one
  readonly denied?: (line: DenialLine) => void; // a log of what was refused
  readonly report?: (error: unknown) => void; // faults, for whoever runs the server
}

export interface Server {
  readonly url: string; // of the endpoint, such as http://127.0.0.1:4000/graphql
  readonly port: number;
  readonly explorerUrl: string | null; // null: it is not served
  readonly metricsUrl: string;
  /** Ends every stream, lets what runs finish, and lets go of the house, which stays open. */
  close(): Promise<void>;
}

export const PATH = '/graphql';
export const STANDARD_PORT = 4000;
export const INTROSPECTION_ROLES: readonly Role[] = ['ADMIN', 'RISK_OFFICER', 'AUDITOR', 'BROKER'];
