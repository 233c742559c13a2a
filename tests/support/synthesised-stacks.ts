import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll } from 'vitest';
import * as z from 'zod';
import { addTenantStacks } from '../../infra/stacks/tenant-stacks.ts';
import type { TenantConfig } from '../../infra/tenants/tenant-config.ts';

const cdkSettings = z
  .object({ context: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')));

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  DependsOn: z.array(z.string()).optional(),
});
const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.string() }).optional() }))
    .default({}),
});
export type Template = z.infer<typeof templateSchema>;
export type Resource = z.infer<typeof resourceSchema> & { readonly logicalId: string };

export interface SynthesisedStacks {
  readonly app: App;
  readonly state: Template;
  readonly service: Template;
  readonly receipts: Template;
  readonly api: Template;
}

/** What the apps of a test file wrote; gone with it. */
const written: string[] = [];
afterAll(() => {
  for (const outdir of written) rmSync(outdir, { recursive: true });
});

/** An app with the settings of cdk.json that leaves the functions unbundled: templates are the same, in a tenth of the time. */
export function quickApp(): App {
  const outdir = mkdtempSync(join(tmpdir(), 'markeplay-synth-'));
  written.push(outdir);
  return new App({
    outdir,
    context: { ...cdkSettings.context, 'aws:cdk:bundling-stacks': [] },
    analyticsReporting: false,
    treeMetadata: false,
    // CloudFormation's own rules are checked by the real synthesis; they take four fifths of the time.
    builtinCloudFormationValidation: false,
  });
}

export function synthesise(config: TenantConfig): SynthesisedStacks {
  const app = quickApp();
  const { state, service, receipts, api } = addTenantStacks(app, config);
  const assembly = app.synth();
  const template = (name: string) => templateSchema.parse(assembly.getStackByName(name).template);
  return {
    app,
    state: template(state.stackName),
    service: template(service.stackName),
    receipts: template(receipts.stackName),
    api: template(api.stackName),
  };
}

/** Resources of one type in all the templates, with the id they have there. */
export function resourcesOf(type: string, ...templates: readonly Template[]): readonly Resource[] {
  return templates.flatMap((template) =>
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, resource]) => ({ logicalId, ...resource })),
  );
}

const referenceSchema = z.union([
  z.object({ Ref: z.string() }),
  z.object({ 'Fn::GetAtt': z.array(z.string()).length(2) }),
  z.object({ 'Fn::ImportValue': z.string() }),
]);

/**
 * Logical id of the resource a value stands for, through the exports of the other stacks if need be;
 * undefined for a value that is no reference to a resource.
 */
export function targetOf(value: unknown, stacks: SynthesisedStacks): string | undefined {
  const reference = referenceSchema.safeParse(value);
  if (!reference.success) return undefined;
  if ('Ref' in reference.data) return reference.data.Ref;
  if ('Fn::GetAtt' in reference.data) return reference.data['Fn::GetAtt'][0];
  const name = reference.data['Fn::ImportValue'];
  const exported = [stacks.state, stacks.service, stacks.receipts]
    .flatMap(({ Outputs }) => Object.values(Outputs))
    .find((output) => output.Export?.Name === name);
  return targetOf(exported?.Value, stacks);
}

const statementSchema = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Action: z.union([z.string(), z.array(z.string())]),
  Resource: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  Principal: z.unknown().optional(),
});
const policySchema = z.object({
  PolicyDocument: z.object({ Statement: z.array(statementSchema) }),
  Roles: z.array(z.unknown()).default([]),
});

/** One thing a role may do, or a resource lets someone do. */
export interface Statement {
  /** The policy's logical id. */
  readonly policy: string;
  readonly roles: readonly (string | undefined)[];
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly principal: unknown;
}

/** Statements of all the policies of one type, `AWS::IAM::Policy` or a resource's own. */
export function statementsOf(type: string, stacks: SynthesisedStacks): readonly Statement[] {
  return resourcesOf(type, stacks.state, stacks.service, stacks.receipts, stacks.api).flatMap(
    ({ logicalId, Properties }) => {
      const policy = policySchema.parse(Properties);
      return policy.PolicyDocument.Statement.map((statement) => ({
        policy: logicalId,
        roles: policy.Roles.map((role) => targetOf(role, stacks)),
        effect: statement.Effect,
        actions: [statement.Action].flat(),
        resources: [statement.Resource].flat(),
        conditions: statement.Condition,
        principal: statement.Principal,
      }));
    },
  );
}
