#!/usr/bin/env node
// Sends a document to the house and prints the answer: node examples/ask.mjs FILE [VARIABLES]

import { readFileSync } from 'node:fs';

const [file, variables = '{}'] = process.argv.slice(2);
const { NOVATE_URL: url = 'http://127.0.0.1:4000/graphql', NOVATE_KEY: key } = process.env;
if (!file || !key) throw new Error('NOVATE_KEY=… node examples/ask.mjs FILE [VARIABLES]');

const response = await fetch(url, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
  body: JSON.stringify({ query: readFileSync(file, 'utf8'), variables: JSON.parse(variables) }),
});
const { data, errors } = await response.json();
console.log(JSON.stringify(errors ? { data, errors } : data, null, 2));
if (errors) process.exitCode = 1;
