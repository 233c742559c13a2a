import { type ParseArgsConfig, parseArgs } from 'node:util';
import { readEnv } from '../../shared/runtime/env.ts';
import type { ChannelToOpen } from '../../shared/usecases/open-channel.ts';
import { credentialFields, type IssueDates } from '../../shared/usecases/save-credentials.ts';
import { SIGN_IN_VARIABLES } from './env.ts';

type Marketplace = ChannelToOpen['marketplace'];
export const MARKETPLACES: readonly Marketplace[] = ['amazon', 'ebay', 'manomano'];

/** What ends a command: a sentence for the person who typed it and a code for the script that did. */
export class CommandFailure extends Error {
  readonly exitCode: 1 | 2;
  constructor(exitCode: 1 | 2, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function parsed<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  allowPositionals = false,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals });
  } catch (error) {
    throw new CommandFailure(2, `${error instanceof Error ? error.message : error}. Vedi — see: --help`);
  }
}

/** The environment, with the flags that were given in place of its variables. */
export function environment<Schema extends Parameters<typeof readEnv>[0]>(
  schema: Schema,
  env: NodeJS.ProcessEnv,
  flags: Readonly<Record<string, string | undefined>>,
) {
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  try {
    return readEnv(schema, { ...env, ...given });
  } catch (error) {
    throw new CommandFailure(2, error instanceof Error ? error.message : String(error));
  }
}

export function required(value: string | undefined, flag: string): string {
  if (value === undefined) throw new CommandFailure(2, `Manca — missing: ${flag}. Vedi — see: --help`);
  return value;
}

export function matching(value: string | undefined, pattern: RegExp, flag: string): string {
  if (pattern.test(required(value, flag))) return value ?? '';
  throw new CommandFailure(2, `Non valido — not valid: ${flag}. Vedi — see: --help`);
}

export function marketplaceOf(value: string | undefined): Marketplace {
  const found = MARKETPLACES.find((marketplace) => marketplace === value);
  if (found !== undefined) return found;
  throw new CommandFailure(
    2,
    `Non valido — not valid: --marketplace. Possibili — possible: ${MARKETPLACES.join(' ')}`,
  );
}

/** An instant of the past, as ISO text with milliseconds. */
export function pastInstant(value: string, flag: string, nowMs: number): string {
  const ms = Date.parse(value);
  if (Number.isNaN(ms) || ms > nowMs) {
    throw new CommandFailure(
      2,
      `Non valido — not valid: ${flag} (es. — e.g. 2026-10-01T00:00:00Z, nel passato — in the past)`,
    );
  }
  return new Date(ms).toISOString();
}

/** `70001:IT:SELF` each. */
export function contractsOf(values: readonly string[] | undefined): ChannelToOpen['contracts'] {
  return values?.map((value) => {
    const [, contractId = '', country = '', delivery = ''] =
      /^(\d+):([A-Za-z]{2}):(SELF|MMF)$/.exec(value) ?? [];
    if (contractId === '') {
      throw new CommandFailure(
        2,
        'Non valido — not valid: --contract (es. — e.g. 70001:IT:SELF, 70002:IT:MMF)',
      );
    }
    return { contractId, country, deliveryType: delivery === 'MMF' ? 'MMF' : 'SELF' };
  });
}

export function issueDatesOf(
  values: Readonly<Partial<Record<`${keyof IssueDates}-issued`, string | undefined>>>,
  nowMs: number,
): IssueDates {
  const parts = ['client-secret', 'refresh-token', 'signing-key'] as const;
  return Object.fromEntries(
    parts.flatMap((part) => {
      const value = values[`${part}-issued`];
      return value === undefined ? [] : [[part, pastInstant(value, `--${part}-issued`, nowMs)]];
    }),
  );
}

/**
 * The marketplace's credentials from the environment; undefined when none of the variables is set. Some of them only is
 * a mistake.
 */
export function signInOf(
  marketplace: Marketplace,
  env: NodeJS.ProcessEnv,
): Readonly<Record<string, string>> | undefined {
  const variables: Readonly<Record<string, string>> = SIGN_IN_VARIABLES[marketplace];
  const set = Object.entries(variables).filter(([, variable]) => env[variable] !== undefined);
  if (set.length === 0) return undefined;
  const missing = credentialFields(marketplace)
    .filter(({ name, optional }) => optional !== true && (env[variables[name] ?? ''] ?? '') === '')
    .map(({ name }) => variables[name] ?? name);
  if (missing.length > 0) {
    throw new CommandFailure(2, `missing or wrong in the environment: ${missing.join(', ')}`);
  }
  return Object.fromEntries(set.map(([name, variable]) => [name, env[variable] ?? '']));
}
