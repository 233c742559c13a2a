import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PATHS } from '../console/src/api/paths.ts';
import { ROUTES } from '../events/http/routes.ts';

const root = resolve(import.meta.dirname, '..');

/**
 * Who may import whom (docs/architecture.md). A room is named by its path; the longest match counts. Packages are
 * named in full, a folder of files by its path.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  events: ['events', 'zod'],
  'shared/domain': ['shared/domain'],
  'shared/ports': ['shared/ports', 'shared/domain'],
  'shared/usecases': ['shared/usecases', 'shared/domain', 'shared/ports'],
  // The formats that AWS adapters share; a partner's adapter never sees another partner's.
  'shared/adapters': ['shared/domain', 'shared/ports', 'events', 'shared/runtime', 'zod'],
  'shared/adapters/amazon': [
    'shared/adapters/amazon',
    'shared/domain',
    'shared/ports',
    'events',
    'shared/runtime',
    'zod',
    'amazon-sp-api',
    'csv-parse',
    'csv-stringify',
    'luxon',
    'sax',
    'yauzl',
  ],
  'shared/adapters/bitztobe': ['shared/adapters/bitztobe', 'shared/domain', 'shared/ports', 'zod'],
  'shared/adapters/brt': [
    'shared/adapters/brt',
    'shared/domain',
    'shared/ports',
    'events',
    'shared/runtime',
    'zod',
    'fast-xml-parser',
    'luxon',
  ],
  // What couriers are asked by over HTTP when all they have is a number.
  'shared/adapters/courier-http': [
    'shared/adapters/courier-http',
    'shared/domain',
    'shared/ports',
    'zod',
    'luxon',
  ],
  'shared/adapters/dhl': [
    'shared/adapters/dhl',
    'shared/adapters/courier-http',
    'shared/domain',
    'shared/ports',
    'zod',
  ],
  'shared/adapters/dynamodb': [
    'shared/adapters/dynamodb',
    'shared/adapters/ledger-entry.ts',
    'shared/domain',
    'shared/ports',
    'events',
    'shared/runtime',
    'zod',
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/util-dynamodb',
  ],
  'shared/adapters/ebay': [
    'shared/adapters/ebay',
    'shared/domain',
    'shared/ports',
    'events',
    'shared/runtime',
    'zod',
    'ebay-api',
    'fast-xml-parser',
  ],
  'shared/adapters/gls': [
    'shared/adapters/gls',
    'shared/adapters/courier-http',
    'shared/domain',
    'shared/ports',
    'zod',
    'fast-xml-parser',
  ],
  'shared/adapters/http-provider': ['shared/adapters/http-provider', 'shared/domain', 'shared/ports', 'zod'],
  'shared/adapters/manomano': [
    'shared/adapters/manomano',
    'shared/domain',
    'shared/ports',
    'events',
    'shared/runtime',
    'zod',
  ],
  'shared/adapters/pdf': ['shared/adapters/pdf', 'shared/domain', 'shared/ports', 'pdfkit'],
  'shared/adapters/poste': [
    'shared/adapters/poste',
    'shared/adapters/courier-http',
    'shared/domain',
    'shared/ports',
    'zod',
  ],
  'shared/adapters/s3': [
    'shared/adapters/s3',
    'shared/adapters/ledger-entry.ts',
    'shared/domain',
    'shared/ports',
    'events',
    'shared/runtime',
    'zod',
    '@aws-sdk/client-s3',
    '@aws-sdk/lib-storage',
    '@aws-sdk/s3-request-presigner',
  ],
  'shared/adapters/shipment-file': [
    'shared/adapters/shipment-file',
    'shared/domain',
    'shared/ports',
    'zod',
    'csv-parse',
    'luxon',
  ],
  'shared/adapters/spreadsheet': [
    'shared/adapters/spreadsheet',
    'shared/domain',
    'shared/ports',
    'csv-stringify',
    'write-excel-file',
  ],
  'shared/adapters/sqs': [
    'shared/adapters/sqs',
    'shared/domain',
    'shared/ports',
    'events',
    'shared/runtime',
    '@aws-sdk/client-sqs',
  ],
  'shared/adapters/ssm': [
    'shared/adapters/ssm',
    'shared/domain',
    'shared/ports',
    'events',
    'shared/runtime',
    'zod',
    '@aws-sdk/client-ssm',
  ],
  'shared/adapters/ups': [
    'shared/adapters/ups',
    'shared/adapters/courier-http',
    'shared/domain',
    'shared/ports',
    'zod',
  ],
  'shared/runtime': [
    'shared/runtime',
    'events',
    'shared/domain/errors.ts',
    'zod',
    '@middy/core',
    '@aws-lambda-powertools/logger',
    '@aws-lambda-powertools/metrics',
    'aws-lambda',
  ],
  // Words for people stand in the domain, one place per language; a function that prints may use them.
  functions: [
    'shared/usecases',
    'shared/adapters',
    'shared/runtime',
    'events',
    'shared/domain/texts',
    'zod',
    'cli-table3',
    'aws-lambda',
  ],
  infra: [
    'infra',
    'functions/*/env.ts',
    // The routes, and the groups of people who may call them, are listed once.
    'events/http',
    'shared/adapters/dynamodb/table.ts',
    'shared/adapters/s3/keys.ts',
    'aws-cdk-lib',
    'constructs',
    'cdk-nag',
    'zod',
    'esbuild',
  ],
  local: [
    'local',
    'events',
    'shared/domain/texts',
    'zod',
    'cli-table3',
    'mockttp',
    'fauxqs',
    'jose',
    'oidc-provider',
    '@aws-sdk/',
    'luxon',
    'fast-xml-parser',
  ],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

/** Packages of the console; what the rest of the repository gives it are types of the API's contract. */
const CONSOLE_PACKAGES =
  /^(?:react|react-dom|react-aria-components|@tanstack\/react-query|@tanstack\/react-virtual|wouter|oidc-client-ts)(?:\/|$)/;

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.ts$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('/fixtures/'));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|import\('([^']+)'\)|(?:^|\n)import '([^']+)'/g,
  );
  return [...found].map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    return { from: file, to: name.startsWith('.') ? relative(root, join(root, dirname(file), name)) : name };
  });
}

function roomOf(file: string): string | undefined {
  return Object.keys(ROOMS)
    .filter((room) => file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function allows(rule: string, { from, to }: Import): boolean {
  if (rule === 'functions/*/env.ts') return /^functions\/[^/]+\/env\.ts$/.test(to);
  if (rule.endsWith('/')) return to.startsWith(rule);
  if (to === rule || to.startsWith(`${rule}/`)) return true;
  // A function may use what stands in its own folder, and nothing of another function.
  const [ownFunction] = /^functions\/[^/]+\//.exec(from) ?? [];
  return ownFunction !== undefined && to.startsWith(ownFunction);
}

describe('the rooms', () => {
  test.each(Object.keys(ROOMS))('%s imports only what its room may', (room) => {
    const strangers = sourceFiles(room)
      .filter((file) => roomOf(file) === room)
      .flatMap(importsOf)
      .filter(({ to }) => !to.startsWith('node:'))
      .filter((each) => !(ROOMS[room] ?? []).some((rule) => allows(rule, each)))
      .map(({ from, to }) => `${from} → ${to}`);
    expect(strangers).toEqual([]);
  });

  test('every source file stands in a room', () => {
    const homeless = ['events', 'functions', 'shared', 'infra', 'local']
      .flatMap(sourceFiles)
      .filter((file) => !roomOf(file));
    expect(homeless).toEqual([]);
  });

  test('the check sees a stranger when there is one', () => {
    const stranger = { from: 'shared/domain/order.ts', to: 'shared/adapters/dynamodb/table.ts' };
    expect((ROOMS['shared/domain'] ?? []).some((rule) => allows(rule, stranger))).toBe(false);
    const neighbour = { from: 'functions/pull-orders/handler.ts', to: 'functions/plan-order-pulls/env.ts' };
    expect((ROOMS.functions ?? []).some((rule) => allows(rule, neighbour))).toBe(false);
  });
});

describe('the console', () => {
  const statements = sourceFiles('console/src').flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split(/(?=^import |^export )|(?=\bimport\()/m)
      .map((text) => ({ file, text })),
  );
  const strangersIn = (each: readonly { readonly file: string; readonly text: string }[]) =>
    each.flatMap(({ file, text }) => {
      const name = /^(?:import|export)\b[^;]*?from\s+'([^']+)'|^import\(?\s*'([^']+)'/.exec(text);
      const to = name?.[1] ?? name?.[2];
      if (to === undefined) return [];
      const path = to.startsWith('.') ? relative(root, join(root, dirname(file), to)) : to;
      const onlyTypes = /^(?:import|export) type /.test(text);
      const allowed =
        path.startsWith('console/src/') ||
        CONSOLE_PACKAGES.test(path) ||
        (onlyTypes && (path.startsWith('events/http/') || path === 'zod'));
      return allowed ? [] : [`${file} → ${path}`];
    });

  test("takes nothing but types of the API's contract from the rest", () => {
    expect(statements.length).toBeGreaterThan(50);
    expect(strangersIn(statements)).toEqual([]);
  });

  test('the check sees a stranger when there is one', () => {
    const file = 'console/src/app.tsx';
    expect(
      strangersIn([
        { file, text: "import { ROUTES } from '../../events/http/routes.ts';" },
        { file, text: "import type { Order } from '../../shared/domain/order.ts';" },
        { file, text: "import('luxon')" },
      ]),
    ).toHaveLength(3);
  });

  test('calls routes by the method and path that they have', () => {
    for (const [id, { method, path }] of Object.entries(PATHS)) {
      const listed = Object.entries(ROUTES).find(([routeId]) => routeId === id)?.[1];
      expect([id, method, path]).toEqual([id, listed?.method, listed?.path]);
    }
  });
});

describe('the pure rooms', () => {
  test.each(['shared/domain', 'shared/usecases'])(
    '%s reads no clock, throws no dice and keeps no money in floats',
    (room) => {
      const lines = sourceFiles(room).flatMap((file) =>
        readFileSync(join(root, file), 'utf8')
          .split('\n')
          .map((text, i) => ({ at: `${file}:${i + 1}`, text }))
          .filter(({ text }) =>
            /Date\.now\(\)|new Date\(\)|Math\.random|parseFloat|toFixed|process\.env/.test(text),
          )
          .map(({ at }) => at),
      );
      expect(lines).toEqual([]);
    },
  );
});
