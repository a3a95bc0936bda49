/** Tests run from source through swc; one Postgres, one Node: few workers. */
module.exports = {
  testEnvironment: 'node',
  rootDir: '.',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '^.+\\.[cm]?[jt]sx?$': ['@swc/jest', { configFile: '.swcrc' }] },
  // These import at run time, or are modules of the newer kind: as they are, jest cannot load them.
  transformIgnorePatterns: ['/node_modules/(?!@electric-sql/pglite/|@prisma/schema-engine-wasm/)'],
  // Every command that a test executes is held to what its definition lists.
  moduleNameMapper: { '^\\./commands$': '<rootDir>/test/support/heldCommands.ts' },
  testSequencer: '<rootDir>/test/order.cjs',
  maxWorkers: 2,
  testTimeout: 90_000,
};
