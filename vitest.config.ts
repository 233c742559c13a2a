import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{events,functions,shared,infra,local,tests,bench}/**/*.test.ts'],
    exclude: ['tests/console/**'],
    globalSetup: ['tests/support/global-setup.ts'],
    // A core left free would stay idle: what takes long waits for processes of its own.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
