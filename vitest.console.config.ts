import { defineConfig } from 'vitest/config';

/** What needs a browser: apart from the rest, which runs on any machine. */
export default defineConfig({
  test: {
    include: ['tests/console/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
  },
});
