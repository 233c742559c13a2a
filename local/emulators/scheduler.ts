import { randomUUID } from 'node:crypto';
import type { RoleAccess } from '../access.ts';
import { SCHEDULE } from '../resource-types.ts';
import { type StackModel, TemplateRefused } from '../template.ts';
import type { Trace } from '../trace.ts';
import type { Clock } from './clock.ts';
import { parseScheduleExpression, type ScheduleTimes } from './schedule-expression.ts';

/** Takes one call of a schedule; what becomes of it is the target's affair. */
export type ScheduleTarget = (event: unknown) => void;

interface Schedule {
  readonly name: string;
  readonly arn: string;
  readonly times: ScheduleTimes;
  readonly input: string | undefined;
  readonly call: ScheduleTarget;
}

/**
 * EventBridge Scheduler: calls each enabled schedule's target when it is due. A flexible window is used by calling at
 * its beginning.
 *
 * @param roles each schedule's role must let it call its target, and reach its dead-letter queue
 * @param targets what may be called, by ARN
 */
export function startScheduler(
  model: StackModel,
  roles: RoleAccess,
  targets: ReadonlyMap<string, ScheduleTarget>,
  clock: Clock,
  trace: Trace,
): { stop(): void } {
  const callOff = new Map<string, () => void>();

  function plan(schedule: Schedule, dueAt: number | undefined): void {
    if (dueAt === undefined) return;
    callOff.set(
      schedule.name,
      clock.after(dueAt - clock.now(), () => {
        trace.add('schedule-due', { schedule: schedule.name });
        schedule.call(inputOf(schedule, dueAt));
        plan(schedule, schedule.times.next(dueAt));
      }),
    );
  }

  for (const schedule of readSchedules(model, roles, targets)) {
    plan(schedule, schedule.times.startsAtOnce ? clock.now() : schedule.times.next(clock.now()));
  }
  return {
    stop() {
      for (const cancel of callOff.values()) cancel();
    },
  };
}

function readSchedules(
  model: StackModel,
  roles: RoleAccess,
  targets: ReadonlyMap<string, ScheduleTarget>,
): Schedule[] {
  return model
    .of(SCHEDULE)
    .filter(({ properties }) => properties.State === 'ENABLED')
    .map(({ name, arn, properties }) => {
      const { Target } = properties;
      const mustAllow = (action: string, resource: string): void => {
        if (roles.get(Target.RoleArn)?.({ action, resource, conditionKeys: {} }) !== true) {
          throw new TemplateRefused(`schedule ${name}: its role does not allow ${action} on ${resource}`);
        }
      };
      mustAllow('lambda:InvokeFunction', Target.Arn);
      if (Target.DeadLetterConfig !== undefined) mustAllow('sqs:SendMessage', Target.DeadLetterConfig.Arn);
      const call = targets.get(Target.Arn);
      if (call === undefined) throw new TemplateRefused(`schedule ${name}: target ${Target.Arn}`);
      const times = parseScheduleExpression(
        properties.ScheduleExpression,
        properties.ScheduleExpressionTimezone,
      );
      return { name, arn, times, input: Target.Input, call };
    });
}

/** The event of one call: the input with its context attributes filled in, or Scheduler's own event without one. */
function inputOf(schedule: Schedule, dueAt: number): unknown {
  const time = new Date(dueAt).toISOString().replace(/\.\d{3}Z$/, 'Z');
  if (schedule.input === undefined) {
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account: schedule.arn.split(':')[4],
      time,
      region: schedule.arn.split(':')[3],
      resources: [schedule.arn],
      detail: '{}',
    };
  }
  return JSON.parse(
    schedule.input
      .replaceAll('<aws.scheduler.schedule-arn>', schedule.arn)
      .replaceAll('<aws.scheduler.scheduled-time>', time)
      .replaceAll('<aws.scheduler.execution-id>', randomUUID())
      .replaceAll('<aws.scheduler.attempt-number>', '1'),
  );
}
