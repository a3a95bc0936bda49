// Lets Node load TypeScript as it stands: tests start processes and threads of the program from source.

const { join } = require('node:path');
const { transformFileSync } = require('@swc/core');

const configFile = join(__dirname, '..', '.swcrc');

require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, { configFile }).code, file);
