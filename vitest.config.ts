import { defineConfig } from 'vitest/config';

const EVERYWHERE = '{events,functions,shared,infra,local,tests,bench}/**/*.test.ts';
const STACK = 'tests/e2e/*.test.ts';
const BROWSER = 'tests/console/*.test.ts';

export default defineConfig({
  test: {
    // A core left free would stay idle: what takes long waits for processes of its own.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: [EVERYWHERE],
          exclude: [STACK, BROWSER],
          globalSetup: ['tests/support/global-setup.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The whole stack, started anew for each file.
        extends: true,
        test: {
          name: 'stack',
          include: [STACK],
          globalSetup: ['tests/support/global-setup.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        // What needs a browser: apart from the rest, which runs on any machine.
        extends: true,
        test: { name: 'console', include: [BROWSER], testTimeout: 60_000, hookTimeout: 180_000 },
      },
    ],
  },
});
