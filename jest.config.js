/** Tests run from source through swc; one Postgres, one Node: few workers. */
module.exports = {
  testEnvironment: 'node',
  rootDir: '.',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '^.+\\.(t|j)sx?$': ['@swc/jest', { configFile: '.swcrc' }] },
  maxWorkers: 2,
  testTimeout: 30_000,
};
