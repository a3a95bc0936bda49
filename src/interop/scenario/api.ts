/**
 * What a scenario is run against: an API that carries out GraphQL operations in the name of somebody, and nothing more.
 */

import type { GraphQLSchema } from 'graphql';
import type { Instant } from '../../units/quantity';

export interface ApiError {
  readonly code: string;
  readonly message: string;
}

export interface ApiAnswer {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly ApiError[];
}

export interface ScenarioApi {
  readonly schema: GraphQLSchema;
  /** Carries out an operation in the name of a role or of a member. Throws NobodyKnown where there is no such party. */
  execute(as: string, document: string, variables: Readonly<Record<string, unknown>>): Promise<ApiAnswer>;
  /**
   * Sets the machine's clock behind the back of the house: the one thing that is not of its API, for faults of clocks.
   */
  setClock(at: Instant): void;
}

/** A house opened for one scenario, empty, its clock standing at an instant. */
export interface ScenarioHouse {
  readonly api: ScenarioApi;
  close(): Promise<void>;
}

export type OpenScenarioHouse = (start: Instant) => Promise<ScenarioHouse>;

/** In whose names a scenario's house is set up: what they do, handing out keys, is no part of the story. */
export const STAGE_HANDS = ['stage', 'stage-2'] as const;

/** A step is made in the name of somebody who is neither a role nor a member of the house. */
export class NobodyKnown extends Error {
  override readonly name = 'NobodyKnown';
}
