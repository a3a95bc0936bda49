/** The files that are written from the code are what the code would write now. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from '../../src/main/generated';

const ROOT = join(__dirname, '..', '..');

test.each([...generatedFiles()])(
  '%s is what the code says: run `npm run schema` and review the difference',
  (path, text) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text);
  },
);
