/**
 * The fast lane: tidiness, rules, units and the core, without its long searches, which `npm test` runs. Those are named
 * in test/slow.json: files that keep a core busy for more than about four seconds, the longest first. `npm test` begins
 * with them.
 */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['<rootDir>/test/{tidy,tidySize,rules}.test.ts', '<rootDir>/test/{units,core}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...require('./test/slow.json').map((name) => `/${name}$`)],
};
