/** The fast lane: tidiness, units and the core, without its long searches, which `npm test` runs. */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['<rootDir>/test/tidy.test.ts', '<rootDir>/test/{units,core}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...require('./test/slow.json').map((name) => `/${name}$`)],
};
