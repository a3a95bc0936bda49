#!/usr/bin/env node
// Builds the GraphiQL page that the server gives to browsers, into dist/explorer: everything it loads is in that
// folder.

import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'scripts', 'explorer');
const target = join(root, 'dist', 'explorer');

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  outdir: target,
  loader: { '.ttf': 'file' },
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  logLevel: 'error',
  target: 'es2022',
};

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
await build({
  ...common,
  format: 'esm',
  entryPoints: [{ in: join(source, 'page.mjs'), out: 'page' }],
  assetNames: '[name]-[hash]',
});
await build({
  ...common,
  format: 'iife',
  entryPoints: [
    { in: 'monaco-editor/esm/vs/editor/editor.worker.js', out: 'editor.worker' },
    { in: 'monaco-editor/esm/vs/language/json/json.worker.js', out: 'json.worker' },
    { in: 'monaco-graphql/esm/graphql.worker.js', out: 'graphql.worker' },
  ],
});
copyFileSync(join(source, 'index.html'), join(target, 'index.html'));
