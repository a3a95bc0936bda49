/**
 * Files of the repository that are written from the code: the schema, a page for every error code, and one for every
 * scalar.
 */

import { type GraphQLScalarType, isScalarType } from 'graphql';
import { COMMANDS } from '../core/message/command';
import { type Definition, mutationOf } from '../core/message/definition';
import { REJECTIONS } from '../core/message/rejection';
import { PROBLEMS } from './error/problem';
import { type Examples, PAGE } from './scalar/specified';
import { schema, schemaText } from './schema';

/** Their paths from the root of the repository, and what they hold. */
export const generatedFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ['schema.graphql', schemaText()],
    ['docs/errors.md', errorsPage()],
    [PAGE, scalarsPage()],
  ]);

const yesOrNo = (flag: boolean): string => (flag ? 'yes' : 'no');

function errorsPage(): string {
  const rejections = Object.entries(REJECTIONS).map(([code, [meaning, retriable]]) =>
    section(code, meaning, [`Retriable: ${yesOrNo(retriable)}`]),
  );
  const problems = Object.entries(PROBLEMS).map(([code, [meaning, status, retriable]]) =>
    section(code, meaning, [
      `HTTP status, where the whole request fails with it: ${status}`,
      `Retriable: ${yesOrNo(retriable)}`,
    ]),
  );
  return `${HEAD}
## Rejections

The house understood the command and refuses it: \`rejections\` in the payload of the mutation, with the facts of the
case in \`details\`. A command that breaks several rules gets the first code in the order in which they are tested.
Rejections are in the journal, so the same idempotency key gives the same rejection again; *retriable* means that the
same command, under a new key, may succeed later.

${rejections.join('\n')}
## Errors

The command or query did not get as far as the house: an entry of \`errors\` in the answer, the code in
\`extensions.code\`. Nothing was done, unless the page of the code says otherwise.

Over HTTP the status is 200 as long as any field at the top of the answer was answered: whoever asks for several things
looks at \`errors\` too. Where each of them failed, or nothing was executed, the status is that of the code, and of the
most serious one where there are several. With 429 and 503 a header \`Retry-After\` tells the seconds of
\`retryAfterMs\`. Over WebSocket a stream that cannot be opened gets an \`error\` with the same codes. The socket
itself, which takes the key with [\`connection_init\`](operating.md#keys), is closed with 4403 where the key is unknown,
missing or revoked, and with 4429 where messages go on after the budget of the key, or of the address without one, is
used up.

${problems.join('\n')}
## Rejections by mutation

What a mutation may be refused for, in the order in which it is tested. What is approved may be refused for what its own
command is, and every mutation with \`IDEMPOTENCY_KEY_REUSED\`. A mutation that takes \`effectiveAt\` may last be
refused with \`VALUE_OUT_OF_RANGE\` or \`TOO_MANY_SCHEDULED_CHANGES\`.

${byMutation()}
`;
}

function byMutation(): string {
  const rows = Object.entries(COMMANDS).flatMap(([type, { does, refusals }]: [string, Definition]) =>
    does === undefined
      ? []
      : [`- \`${mutationOf(type)}\`: ${refusals.map((code) => `[${code}](#${code.toLowerCase()})`).join(', ')}`],
  );
  return rows.sort().join('\n');
}

const section = (code: string, meaning: string, facts: readonly string[]): string =>
  `### ${code}\n\n${meaning}\n\n${facts.join('. ')}.\n`;

const HEAD = `# Errors

Every refusal has a stable code: it is never renamed, and never means something else later. This page is written from
the code (\`npm run schema\`).
`;

/** Scalars that are specified here, in the order of their names. */
function scalarsPage(): string {
  const types = Object.values(schema().getTypeMap()).filter((type): type is GraphQLScalarType => isScalarType(type));
  const own = types.filter(({ specifiedByURL }) => specifiedByURL?.startsWith(PAGE));
  return [SCALARS, ...own.sort((a, b) => (a.name < b.name ? -1 : 1)).map(scalarSection)].join('\n');
}

function scalarSection({ name, description, extensions }: GraphQLScalarType): string {
  const { taken, refused } = extensions['examples'] as Examples;
  const rows = taken.map(([entered, shown]) => `| \`${entered}\` | \`${shown}\` |`);
  const not = refused.map((each) => `\`${each}\``).join(', ');
  return `## ${name}\n\n${description}\n\n| taken | comes out as |\n|---|---|\n${rows.join('\n')}\n\nRefused: ${not}.\n`;
}

const SCALARS = `# Scalars

Every scalar is a JSON string, in both directions; what cannot be read is refused with
[BAD_USER_INPUT](errors.md#bad_user_input). This page is written from the code (\`npm run schema\`).
`;
