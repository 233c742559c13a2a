import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartFailure } from './start-failure.ts';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
/** Everything that decides what synthesis writes. */
const INPUTS = [
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'infra',
  'functions',
  'shared',
  'events',
  'console',
];
/** Earlier results kept, so that stacks still running on them lose nothing. */
const KEPT = 10;

/**
 * Runs `cdk synth` for a tenant, unless its inputs have been synthesised before, and answers the folder of the cloud
 * assembly. A folder is named by its inputs and never changes once it is there, so any number of stacks can share it.
 */
export async function synthesise(tenant: string, signal?: AbortSignal): Promise<string> {
  const results = join(REPOSITORY, '.local', 'synthesis');
  const folder = join(results, `${tenant}-${await inputsHash()}`);
  if (await exists(join(folder, 'manifest.json'))) {
    const now = new Date();
    await utimes(folder, now, now);
    return folder;
  }
  await mkdir(results, { recursive: true });
  const unfinished = join(results, `unfinished-${randomUUID()}`);
  try {
    await runCdk(['synth', '--quiet', '-c', `tenant=${tenant}`, '--output', unfinished], signal);
    // Lambda takes index.js for CommonJS; without this, Node would ask this repository's package.json instead.
    await writeFile(join(unfinished, 'package.json'), '{}\n');
    await rename(unfinished, folder).catch(async (error: unknown) => {
      // Another start was faster with the same inputs.
      if (!(await exists(join(folder, 'manifest.json')))) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  await forgetOld(results);
  return folder;
}

async function runCdk(args: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const cli = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk');
  // Through the keeper: it ends the synthesis when this process goes away in the middle.
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('keeper.ts', import.meta.url)), process.execPath, cli, ...args],
    {
      cwd: REPOSITORY,
      env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}` },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    },
  );
  const stop = (): void => {
    child.kill('SIGTERM');
  };
  signal?.addEventListener('abort', stop);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (code !== 0) {
    throw new StartFailure(
      `cdk synth è fallito (codice ${code}): correggere l'errore qui sotto.\ncdk synth failed (code ${code}):\n${output.trim()}`,
    );
  }
}

async function inputsHash(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const input of INPUTS) {
    for (const file of await filesUnder(join(REPOSITORY, input))) {
      hash.update(`\0${file.slice(REPOSITORY.length)}\0`);
      for await (const chunk of createReadStream(file)) hash.update(chunk);
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Files that can be part of a bundle or a template, in a fixed order: tests and earlier builds are not. */
async function filesUnder(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(({ name }) => !name.endsWith('.test.ts') && name !== '__snapshots__' && name !== 'dist')
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((entry) => filesUnder(join(path, entry.name))),
  );
  return found.flat();
}

async function forgetOld(results: string): Promise<void> {
  const folders = await Promise.all(
    (await readdir(results))
      .filter((name) => !name.startsWith('unfinished-'))
      .map(async (name) => ({ name, usedAtMs: (await stat(join(results, name))).mtimeMs })),
  );
  const old = folders.sort((a, b) => b.usedAtMs - a.usedAtMs).slice(KEPT);
  await Promise.all(old.map(({ name }) => rm(join(results, name), { recursive: true, force: true })));
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
