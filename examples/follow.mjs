#!/usr/bin/env node
// Follows a stream of the house and prints what it says, a line a message: node examples/follow.mjs FILE
// After a lost connection it goes on behind the last cursor it had, so that nothing is lost and nothing comes twice.

import { readFileSync } from 'node:fs';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [file] = process.argv.slice(2);
const { NOVATE_URL: url = 'http://127.0.0.1:4000/graphql', NOVATE_KEY: key } = process.env;
if (!file || !key) throw new Error('NOVATE_KEY=… node examples/follow.mjs FILE');

const client = createClient({
  url: url.replace(/^http/, 'ws'),
  webSocketImpl: WebSocket,
  // A browser cannot set a header here: the key goes with the first message.
  connectionParams: { authorization: `Bearer ${key}` },
  retryAttempts: 0, // a retry would ask for what was asked for first: the loop below knows better
});
const query = readFileSync(file, 'utf8');
let after = null;

for (;;) {
  try {
    for await (const { data, errors } of client.iterate({ query, variables: { after, snapshot: after === null } })) {
      if (errors) refuse(errors);
      const [message] = Object.values(data);
      after = message.cursor ?? after;
      if (message.kind !== 'HEARTBEAT') console.log(JSON.stringify(message));
    }
  } catch (error) {
    if (Array.isArray(error)) refuse(error);
    // What cannot be read, and a key that is not known, will be no better later.
    if ([4400, 4401, 4403].includes(error.code)) refuse(error.reason);
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
}

function refuse(why) {
  console.error(JSON.stringify(why));
  process.exit(1);
}
