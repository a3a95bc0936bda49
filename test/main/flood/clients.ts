/**
 * A process that asks the same questions over so many connections at once, again and again, until it is ended. Counts
 * the answers.
 */

import { Agent, request } from 'node:http';

const [url = '', secret = '', connections = '50', ...queries] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const bodies = queries.map((query) => JSON.stringify({ query }));
const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };

function ask(body: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(url, { agent, method: 'POST', headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
      answer.on('end', () => resolve(answer.statusCode === 200 && !text.includes('"errors"')));
    });
    asked.on('error', () => resolve(false));
    asked.end(body);
  });
}

let [answered, failed] = [0, 0];
async function client(first: number): Promise<void> {
  for (let next = first; ; next++) {
    if (await ask(bodies[next % bodies.length] as string)) answered += 1;
    else failed += 1;
    if (answered === 1) console.log('flooding');
  }
}

for (let i = 0; i < Number(connections); i++) void client(i);
process.on('SIGTERM', () => {
  console.log(`${answered} answered, ${failed} failed`);
  process.exit(0);
});
