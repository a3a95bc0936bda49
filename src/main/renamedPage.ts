/** The page of names that were changed, for whoever wrote queries, stories or programs under the old ones. */

import {
  CHANGED_FIELDS,
  type OldNames,
  RENAMED_EVENT_ENUMS,
  RENAMED_FIELDS,
  RENAMED_OPERATIONS,
  RENAMED_TYPES,
} from '../core/kind/renamed';

const rowsOf = (where: string, names: OldNames): string[] =>
  Object.entries(names).map(([was, is]) => `| ${where} | \`${was}\` | \`${is}\` |`);

export function renamedPage(): string {
  const rows = [
    ...rowsOf('type', RENAMED_TYPES),
    ...rowsOf('operation', RENAMED_OPERATIONS),
    ...RENAMED_EVENT_ENUMS.map(
      (name) => `| every value of \`${name}\`, such as | \`MarginCallIssued\` | \`MARGIN_CALL_ISSUED\` |`,
    ),
    ...Object.entries(RENAMED_FIELDS).flatMap(([record, names]) => rowsOf(`field of \`${record}\``, names)),
  ];
  const changed = CHANGED_FIELDS.map(([before, now]) => `| ${before} | ${now} |`);
  return `${HEAD}\n${rows.join('\n')}\n${CHANGED}\n${changed.join('\n')}\n${IDS}`;
}

const HEAD = `# Renamed

Names that were changed before version 1. The API knows the new names alone. The journal and the read models that were
written under old names are read. \`npm run scenario\` reads stories with old names, warns, and with \`--update\` writes
the new ones. A field has the same name in the journal, in inputs and in types. This page is written from the code
(\`npm run schema\`).

| what | before | now |
|---|---|---|`;

const CHANGED = `
## What says it in another form

Stories that name the fields of before are read.

| before | now |
|---|---|`;

const IDS = `
Objects with an identity implement \`Node\`. Their \`nodeId\` is their own in the whole house: \`node(id:)\` and
\`nodes(ids:)\` read them again. Names that the house and its callers gave stay what they were, in \`id\` and in every
\`…Id\`, because inputs take those. A client that keeps objects by an id is told to take \`nodeId\`: Relay by
\`nodeInterfaceIdField\`, Apollo Client by \`dataIdFromObject\`, urql by \`keys\`.

Every payload implements \`MutationPayload\`. That of a single command implements \`CommandPayload\` too, which has
\`events\`.
`;
