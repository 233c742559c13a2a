import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { atMost, type Figure, median } from './figure.ts';

const root = resolve(import.meta.dirname, '..');
const STACKS = ['MarkeplayService-demo', 'MarkeplayReceipts-demo', 'MarkeplayApi-demo'];
const ROUNDS = 7;
const KB = 1000;

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.unknown(),
      Metadata: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});
const functionSchema = z.object({
  FunctionName: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

/** Size of each function's bundle, and what importing it costs on top of a bare Node. */
export async function bundles(progress: (step: string) => void): Promise<Figure[]> {
  progress('synthesis');
  execFileSync('npm', ['run', '-s', 'synth'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const resources = STACKS.flatMap((stack) => {
    const file = join(root, 'cdk.out', `${stack}.template.json`);
    return Object.values(templateSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).Resources);
  });
  const figures: Figure[] = [];
  for (const { Type, Properties, Metadata } of resources) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const ours = functionSchema.safeParse(Properties);
    // CDK's own, which copies the console's files during a deployment, has no name.
    if (!ours.success) continue;
    const { FunctionName, Environment } = ours.data;
    const name = FunctionName.replace(/^markeplay-demo-/, '');
    progress(`import of ${name}`);
    const bundle = join(root, 'cdk.out', z.string().parse(Metadata?.['aws:asset:path']), 'index.mjs');
    // Only imported, never called: any value of the right form will do.
    const variables = Object.keys(Environment.Variables).map((key) => [
      key,
      key.endsWith('_URL') ? 'https://queue.example/1/q' : '/import-only',
    ]);
    const env = { ...process.env, ...Object.fromEntries(variables), AWS_REGION: 'eu-south-1' };
    const overBareMs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const bare = timeMs(['--eval', ''], env);
      overBareMs.push(
        timeMs(
          ['--input-type=module', '--eval', `await import(${JSON.stringify(bundle)}); process.exit(0)`],
          env,
        ) - bare,
      );
    }
    figures.push(
      atMost(`${name}: bundle`, statSync(bundle).size / KB, 'kB', 500),
      ...loadedLater(bundle).map((size) =>
        atMost(`${name}: loaded with its first page`, size / KB, 'kB', 500),
      ),
      atMost(`${name}: import above bare Node`, median(overBareMs), 'ms', 150),
    );
  }
  if (figures.length === 0) throw new Error(`no function in ${STACKS}`);
  return figures;
}

/** Sizes of what stands beside a bundle in files of its own. */
function loadedLater(bundle: string): readonly number[] {
  const folder = dirname(bundle);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.mjs') && join(folder, name) !== bundle)
    .map((name) => statSync(join(folder, name)).size)
    .filter((size) => size > 100 * KB);
}

function timeMs(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const began = performance.now();
  execFileSync(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  return performance.now() - began;
}
