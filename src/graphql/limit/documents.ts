/**
 * Documents, parsed and validated once: callers send the same few again and again. A document that is not known costs
 * its sender what reading it costs the server, whatever comes of it. The newest are kept, up to a bound of characters.
 */

import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import { sha256 } from '../../units/hash';
import { coded, problem } from '../error/problem';
import type { Limits } from './limits';
import { priceOfDocument } from './prices';
import { checkShape } from './shape';

/** A document that may be executed, or why it may not. */
export type Prepared = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] };

export interface Documents {
  /** `take` is called with what an unknown one costs, before it is looked at. Throws what that throws. */
  prepare(source: string, take: (points: number) => void): Prepared;
  /** One that is kept, by the SHA-256 of its text. */
  kept(hash: string): DocumentNode | undefined;
}

export interface DocumentOptions {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  readonly trusted: ReadonlySet<string> | null; // SHA-256 of the documents that are answered; null: all
}

const MOST_CHARACTERS = 4_000_000;

/** Who gets everything wrong is not told everything. */
const MOST_ERRORS = 10;

export function createDocuments({ schema, limits, trusted }: DocumentOptions): Documents {
  const known = new Map<string, { readonly document: DocumentNode; readonly characters: number }>();
  let characters = 0;

  function keep(hash: string, document: DocumentNode, size: number): void {
    known.set(hash, { document, characters: size });
    characters += size;
    for (const [oldest, { characters: freed }] of known) {
      if (characters <= MOST_CHARACTERS) break;
      known.delete(oldest);
      characters -= freed;
    }
  }

  /** Limits first: what validating a document costs can grow with the square of its size. */
  function read(source: string): Prepared {
    try {
      const document = parse(source, { maxTokens: limits.tokens });
      const broken = checkShape(document, limits);
      if (broken) return { errors: [broken] };
      const errors = validate(schema, document, specifiedRules, { maxErrors: MOST_ERRORS, hideSuggestions: true });
      return errors.length > 0
        ? { errors: errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED')) }
        : { document };
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [coded(error, 'GRAPHQL_PARSE_FAILED')] };
      throw error;
    }
  }

  return {
    prepare(source, take) {
      const hash = sha256(source);
      if (trusted && !trusted.has(hash))
        return { errors: [problem('DOCUMENT_NOT_TRUSTED', 'This document is not known here.')] };
      const held = known.get(hash);
      if (held) {
        // The newest last.
        known.delete(hash);
        known.set(hash, held);
        return held;
      }
      take(priceOfDocument(source));
      const prepared = read(source);
      if ('document' in prepared) keep(hash, prepared.document, source.length);
      return prepared;
    },
    kept: (hash) => known.get(hash)?.document,
  };
}
