import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{events,functions,shared,infra,local,tests,bench}/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
