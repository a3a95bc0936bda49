/** Errors of the embedded database that are told apart on the other side of its thread. */

import { messages } from '@electric-sql/pglite';
import type { Kinds } from '../thread/failure';

/** What Prisma looks for to tell what went wrong: a constraint, a type, a table that is not there. */
export const DATABASE_KINDS: Kinds = { DatabaseError: messages.DatabaseError };
