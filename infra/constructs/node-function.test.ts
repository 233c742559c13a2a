import { Duration, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { quickApp } from '../../tests/support/synthesised-stacks.ts';
import { Alarms } from './alarms.ts';
import { NodeFunction } from './node-function.ts';

function functionWith(environment: Record<string, string>): NodeFunction {
  const stack = new Stack(quickApp(), 'Stack', { env: { region: 'eu-south-1' } });
  const alarms = new Alarms(stack, 'Alarms', {
    tenant: 'demo',
    email: 'operations@demo.example',
    key: new Key(stack, 'Key'),
  });
  return new NodeFunction(stack, 'Function', {
    tenant: 'demo',
    name: 'pull-orders',
    entry: 'amazon.ts',
    envSchema: z.object({ FIRST: z.string(), SECOND: z.string() }),
    environment,
    timeout: Duration.seconds(30),
    memoryMb: 256,
    alarms,
    failureImpact: 'Nothing arrives.',
  });
}

describe('a function', () => {
  it('is made with exactly the variables of its schema', () => {
    expect(functionWith({ FIRST: '1', SECOND: '2' }).lambda.runtime.name).toBe('nodejs24.x');
  });

  it('fails the synthesis when a variable is missing', () => {
    expect(() => functionWith({ FIRST: '1' })).toThrow('missing [SECOND], not asked for []');
  });

  it('fails the synthesis when a variable is given that nobody reads', () => {
    expect(() => functionWith({ FIRST: '1', SECOND: '2', THIRD: '3' })).toThrow(
      'missing [], not asked for [THIRD]',
    );
  });
});
