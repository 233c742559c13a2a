import { Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { quickApp, type SynthesisedStacks, synthesise } from '../../tests/support/synthesised-stacks.ts';
import { loadTenant } from '../tenants/tenant-config.ts';

const demo = synthesise(loadTenant('demo'));
const example = synthesise(loadTenant('example'));

/** Properties by which a resource is known outside its stack. */
const NAMES = [
  'AliasName',
  'AlarmName',
  'BucketName',
  'FunctionName',
  'LogGroupName',
  'Name',
  'QueueName',
  'TableName',
  'TopicName',
];

/** What a tenant's stacks are known by in an account, as written in the template, with the type it is a name of. */
function namesOf({ state, service, receipts, api }: SynthesisedStacks): readonly string[] {
  const named = [state, service, receipts, api].flatMap(({ Resources }) =>
    Object.values(Resources).flatMap(({ Type, Properties }) =>
      NAMES.map((property) => Properties[property])
        // A reference to another resource's name gives none.
        .filter((name) => name !== undefined && !/^\{"(?:Ref|Fn::GetAtt)"/.test(JSON.stringify(name)))
        .map((name) => `${Type} ${JSON.stringify(name)}`),
    ),
  );
  const exported = [state, service, receipts].flatMap(({ Outputs }) =>
    Object.values(Outputs).flatMap((output) => output.Export?.Name ?? []),
  );
  return [...named, ...exported];
}

describe('two tenants', () => {
  it('have the same things', () => {
    const typesOf = ({ state, service, receipts, api }: SynthesisedStacks) =>
      [state, service, receipts, api].flatMap(({ Resources }) =>
        Object.values(Resources).map(({ Type }) => Type),
      );
    expect(typesOf(example)).toEqual(typesOf(demo));
  });

  it('share no name, so that one account can hold both', () => {
    const ours = namesOf(demo);
    expect(ours.length).toBeGreaterThan(30);
    expect(new Set(ours).size).toBe(ours.length);
    expect(namesOf(example).filter((name) => ours.includes(name))).toEqual([]);
    expect(JSON.stringify([example.state, example.service, example.receipts, example.api])).not.toContain(
      'demo',
    );
  });
});

describe('the AWS Solutions checks', () => {
  it.each([
    ['demo', demo],
    ['example', example],
  ])('find nothing unexplained for %s', (_name, { app }) => {
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  });

  it('do find a queue that nobody explained', () => {
    const stack = new Stack(quickApp(), 'Careless');
    new Queue(stack, 'Queue');
    const rules = new AwsSolutionsChecks().validateScope(stack).violations.map(({ ruleName }) => ruleName);
    expect(rules).toEqual(['AwsSolutions-SQS3', 'AwsSolutions-SQS4']);
  });
});
