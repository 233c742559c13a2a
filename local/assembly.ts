import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** One synthesised stack: the template as CloudFormation would get it. */
export interface SynthesisedStack {
  readonly name: string;
  readonly template: Template;
}

/** What `cdk synth` wrote for one tenant. */
export interface Assembly {
  readonly accountId: string;
  readonly region: string;
  readonly stacks: readonly SynthesisedStack[];
  /** Folder of each file asset, by the hash that the templates name it with. */
  readonly assetFolders: ReadonlyMap<string, string>;
}

/** Account and region of stacks that are not bound to one. The account is the one the SQS emulator answers for. */
const LOCAL_ACCOUNT_ID = '000000000000';
const LOCAL_REGION = 'eu-south-1';

const manifestSchema = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      environment: z.string().optional(),
      properties: z
        .looseObject({
          templateFile: z.string().optional(),
          stackName: z.string().optional(),
          file: z.string().optional(),
        })
        .optional(),
    }),
  ),
});

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
});

const templateSchema = z.looseObject({
  Parameters: z.record(z.string(), z.looseObject({ Default: z.unknown().optional() })).default({}),
  Resources: z.record(z.string(), resourceSchema).default({}),
  Outputs: z
    .record(
      z.string(),
      z.looseObject({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }),
    )
    .default({}),
});
export type Template = z.infer<typeof templateSchema>;

const assetManifestSchema = z.looseObject({
  files: z
    .record(z.string(), z.looseObject({ source: z.looseObject({ path: z.string(), packaging: z.string() }) }))
    .default({}),
});

/** Reads a cloud assembly: its manifest, the templates it lists and the asset manifests beside them. */
export async function readAssembly(folder: string): Promise<Assembly> {
  const readJson = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, name), 'utf8'));
  const manifest = manifestSchema.parse(await readJson('manifest.json'));

  const stacks: SynthesisedStack[] = [];
  const assetFolders = new Map<string, string>();
  let environment: string | undefined;
  for (const [id, artifact] of Object.entries(manifest.artifacts)) {
    const { templateFile, stackName, file } = artifact.properties ?? {};
    if (artifact.type === 'aws:cloudformation:stack' && templateFile !== undefined) {
      stacks.push({ name: stackName ?? id, template: templateSchema.parse(await readJson(templateFile)) });
      environment ??= artifact.environment;
    } else if (artifact.type === 'cdk:asset-manifest' && file !== undefined) {
      for (const [hash, asset] of Object.entries(assetManifestSchema.parse(await readJson(file)).files)) {
        if (asset.source.packaging === 'zip') assetFolders.set(hash, join(folder, asset.source.path));
      }
    }
  }

  const bound = /^aws:\/\/(\d{12})\/([a-z0-9-]+)$/.exec(environment ?? '');
  return {
    accountId: bound?.[1] ?? LOCAL_ACCOUNT_ID,
    region: bound?.[2] ?? LOCAL_REGION,
    stacks,
    assetFolders,
  };
}

/** A template given as an object, checked as if it had been read. For tests and small fixtures. */
export function stackOf(name: string, template: unknown): SynthesisedStack {
  return { name, template: templateSchema.parse(template) };
}
