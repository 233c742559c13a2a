import { expect, it } from 'vitest';
import { readRoles } from '../access.ts';
import { stackOf } from '../assembly.ts';
import { readTemplates, type StackModel } from '../template.ts';
import { createTrace } from '../trace.ts';
import { ManualClock } from './manual-clock.ts';
import { startScheduler } from './scheduler.ts';

const TARGET = 'arn:aws:lambda:eu-south-1:000000000000:function:plan';

const CALLS_TARGET = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: TARGET };

function modelWith(schedule: object, target: object = {}, statement: object = CALLS_TARGET): StackModel {
  const template = {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [statement] } }] },
      },
      Schedule: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          Name: 'plan',
          FlexibleTimeWindow: { Mode: 'OFF' },
          ...schedule,
          Target: { Arn: TARGET, RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, ...target },
        },
      },
    },
  };
  return readTemplates(
    {
      accountId: '000000000000',
      region: 'eu-south-1',
      stacks: [stackOf('S', template)],
      assetFolders: new Map(),
    },
    'http://127.0.0.1:1',
  );
}

function run(model: StackModel, clock: ManualClock): { events: unknown[]; stop(): void } {
  const events: unknown[] = [];
  const targets = new Map([[TARGET, (event: unknown) => void events.push(event)]]);
  const scheduler = startScheduler(model, readRoles(model), targets, clock, createTrace());
  return { events, stop: () => scheduler.stop() };
}

it('a rate calls at once and then at its interval, with the event of EventBridge Scheduler', () => {
  const clock = new ManualClock('2026-11-23T10:00:00Z');
  const { events } = run(modelWith({ ScheduleExpression: 'rate(4 minutes)' }), clock);
  clock.turn(0);
  expect(events).toMatchObject([
    { 'detail-type': 'Scheduled Event', source: 'aws.scheduler', time: '2026-11-23T10:00:00Z' },
  ]);
  clock.turn(9 * 60_000);
  expect(events).toMatchObject([{}, { time: '2026-11-23T10:04:00Z' }, { time: '2026-11-23T10:08:00Z' }]);
});

it('a cron waits for its time', () => {
  const clock = new ManualClock('2026-11-23T10:00:00Z');
  const { events } = run(modelWith({ ScheduleExpression: 'cron(30 10 * * ? *)' }), clock);
  clock.turn(29 * 60_000);
  expect(events).toEqual([]);
  clock.turn(60_000);
  expect(events).toHaveLength(1);
});

it('an input of its own is sent with its context filled in', () => {
  const clock = new ManualClock('2026-11-23T10:00:00Z');
  const Input = '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>"}';
  const { events } = run(modelWith({ ScheduleExpression: 'rate(1 hour)' }, { Input }), clock);
  clock.turn(0);
  expect(events).toEqual([
    { at: '2026-11-23T10:00:00Z', by: 'arn:aws:scheduler:eu-south-1:000000000000:schedule/default/plan' },
  ]);
});

it('a disabled schedule never calls, a stopped one no more', () => {
  const clock = new ManualClock('2026-11-23T10:00:00Z');
  const disabled = run(modelWith({ ScheduleExpression: 'rate(1 hour)', State: 'DISABLED' }), clock);
  const stopped = run(modelWith({ ScheduleExpression: 'rate(1 hour)' }), clock);
  stopped.stop();
  clock.turn(3 * 3_600_000);
  expect([...disabled.events, ...stopped.events]).toEqual([]);
});

it('a target that is not in the stacks is refused by name', () => {
  const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
  const model = modelWith(
    { ScheduleExpression: 'rate(1 hour)' },
    { Arn: 'arn:aws:sns:eu-south-1:1:topic' },
    everything,
  );
  expect(() => run(model, new ManualClock('2026-11-23T10:00:00Z'))).toThrow('arn:aws:sns:eu-south-1:1:topic');
});

it('a role that may not call the target, or not reach the dead-letter queue, is refused by name', () => {
  const clock = new ManualClock('2026-11-23T10:00:00Z');
  const rate = { ScheduleExpression: 'rate(1 hour)' };
  const readsOnly = { Effect: 'Allow', Action: 'lambda:GetFunction', Resource: TARGET };
  expect(() => run(modelWith(rate, {}, readsOnly), clock)).toThrow(`lambda:InvokeFunction on ${TARGET}`);
  const DeadLetterConfig = { Arn: 'arn:aws:sqs:eu-south-1:000000000000:dead' };
  expect(() => run(modelWith(rate, { DeadLetterConfig }), clock)).toThrow('sqs:SendMessage on arn:aws:sqs');
});
