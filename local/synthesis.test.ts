import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readAssembly } from './assembly.ts';
import { StartFailure } from './start-failure.ts';
import { synthesise } from './synthesis.ts';

it('the same inputs are synthesised once, into a folder that can be read', async () => {
  const folder = await synthesise('demo');
  const writtenAt = async (): Promise<number> => (await stat(join(folder, 'manifest.json'))).mtimeMs;
  const first = await writtenAt();
  expect(await synthesise('demo')).toBe(folder);
  expect(await writtenAt()).toBe(first);
  const assembly = await readAssembly(folder);
  expect(assembly).toMatchObject({ accountId: '000000000000', region: 'eu-south-1' });
  expect(assembly.stacks.map(({ name }) => name)).toEqual([
    'MarkeplayState-demo',
    'MarkeplayService-demo',
    'MarkeplayReceipts-demo',
    'MarkeplayApi-demo',
  ]);
  expect(assembly.assetFolders.size).toBeGreaterThan(0);
}, 60_000);

it("a synthesis that fails is told with the CDK's own words", async () => {
  const failing = synthesise('nobody');
  await expect(failing).rejects.toThrow(StartFailure);
  await expect(failing).rejects.toThrow(/cdk synth è fallito[\s\S]*cdk synth failed[\s\S]*nobody/);
}, 60_000);
