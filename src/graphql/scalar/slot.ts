/**
 * A place in an answer that is left open while the answer is made, and filled in when it is sent. It serializes to a
 * mark nobody can guess, so that nothing a caller wrote is taken for one.
 */

import { randomBytes } from 'node:crypto';

const MARK = randomBytes(16).toString('hex');
const PLACES = new RegExp(`"${MARK}([a-zA-Z]+)"`);

export class Slot {
  constructor(readonly name: string) {}

  toString(): string {
    return `${MARK}${this.name}`;
  }
}

/** JSON text with places left open: text, name of a place, text, name of a place, text. */
export type Template = readonly string[];

export const templateOf = (json: string): Template => json.split(PLACES);

export function fillIn(template: Template, values: Readonly<Record<string, string | null>>): string {
  let text = '';
  for (let i = 0; i < template.length; i++)
    text += i % 2 === 0 ? template[i] : JSON.stringify(values[template[i] as string] ?? null);
  return text;
}
