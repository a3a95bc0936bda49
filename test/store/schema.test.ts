/** The schema of the models: everything in it is described, and the migrations lead to it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Migration, readMigrations } from '../../src/store/migrate';
import { type BlankPglite, openBlankPglite } from '../support/embedded';
import { type Engine, openEngine, pgliteAdapter, sqlToSchema } from './schemaEngine';

const SCHEMA = readFileSync(join(__dirname, '..', '..', 'prisma', 'schema.prisma'), 'utf8');

interface Model {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly { readonly name: string; readonly type: string; readonly description: string }[];
}

/** Models as written, each field with the comment that stands above it. */
function modelsOf(schema: string): Model[] {
  const lines = schema.split('\n').map((line) => line.trim());
  const models: (Model & { fields: Model['fields'][number][] })[] = [];
  let comment: string[] = [];
  let inside = false;
  for (const line of lines) {
    const [, name] = /^(?:model|enum|type|view) (\w+) \{$/.exec(line) ?? [];
    if (name) models.push({ name, description: comment.join(' '), fields: [] });
    if (name) inside = true;
    const [, field, type] = /^(\w+) +(\w+(?:\[\]|\?)?)(?: |$)/.exec(line) ?? [];
    if (inside && !name && field && type)
      models.at(-1)?.fields.push({ name: field, type, description: comment.join(' ') });
    if (line === '}') inside = false;
    comment = line.startsWith('///') ? [...comment, line.slice(3).trim()] : [];
  }
  return models;
}

/** What has no description or one that says nothing, as model.field; relations are described by what they refer to. */
function undescribed(models: readonly Model[]): string[] {
  const names = new Set(models.map(({ name }) => name));
  const isRelation = (type: string): boolean => names.has(type.replace(/\W+$/, ''));
  return models.flatMap(({ name, description, fields }) => [
    ...(description.length < 10 ? [name] : []),
    ...fields
      .filter((field) => !isRelation(field.type) && field.description.length < 4)
      .map((field) => `${name}.${field.name}`),
  ]);
}

describe('the models', () => {
  const models = modelsOf(SCHEMA);

  test.each(['Account', 'Position', 'MarginTier', 'InsuranceFund'])('%s is one of them', (name) => {
    expect(models.find((model) => model.name === name)?.fields.length).toBeGreaterThan(5);
  });

  test('every model and every field is described', () => {
    expect(models.length).toBeGreaterThan(35);
    expect(models.flatMap(({ fields }) => fields).length).toBeGreaterThan(300);
    expect(undescribed(models)).toEqual([]);
  });

  test('a field without a description is found', () => {
    const bare = SCHEMA.replace(/^ *\/\/\/ Signed\.\n/m, '').replace('/// A margin account.\n', '');
    expect(undescribed(modelsOf(bare)).sort()).toEqual(['Account', 'LedgerAccount.balance']);
  });

  test('X-2 no float anywhere, and no decimal that the database would round', () => {
    expect(
      models.flatMap(({ name, fields }) =>
        fields.filter(({ type }) => /Float/.test(type)).map((field) => `${name}.${field.name}`),
      ),
    ).toEqual([]);
    const decimals = SCHEMA.split('\n').filter((line) => / Decimal\??( |$)/.test(line));
    expect(decimals.length).toBeGreaterThan(90);
    expect(decimals.filter((line) => !line.includes('@db.Decimal'))).toEqual([]);
    expect(decimals.filter((line) => /@db\.Decimal\(/.test(line))).toEqual([]);
  });
});

describe('the migrations and the schema', () => {
  let engine: Engine;
  let blank: BlankPglite;
  beforeAll(async () => {
    blank = await openBlankPglite();
    engine = await openEngine(() => pgliteAdapter(blank.database));
  }, 60_000);
  afterAll(async () => {
    await engine.close();
    await blank.close();
  });

  test('Prisma finds nothing to do between them', async () => {
    expect(await sqlToSchema(engine, await readMigrations())).toBe('-- This is an empty migration.\n');
  }, 60_000);

  test('Prisma finds what only one of them has', async () => {
    const drift: Migration = {
      name: '29990101000000_drift',
      script: 'ALTER TABLE "Account" DROP COLUMN "waived"; CREATE TABLE "Stray" ("id" INT);',
    };
    const sql = await sqlToSchema(engine, [...(await readMigrations()), drift]);
    expect(sql).toContain('ADD COLUMN     "waived" BOOLEAN NOT NULL');
    expect(sql).toContain('DROP TABLE "Stray"');
  }, 60_000);
});
