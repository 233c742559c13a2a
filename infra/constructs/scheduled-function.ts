import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { resourceName } from './names.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import { invocationDeadLetters } from './work-queue.ts';

/** Two more tries of a call that failed; then it is for a person. */
const RETRIES = 2;

/** A daily call waits for a function that cannot run at its time; Lambda keeps an asynchronous call for six hours at most. */
const DAILY_LATENESS_MAX = Duration.hours(6);

/**
 * Lambda tries an asynchronous call again after one minute and after two more: a call given up sooner would end in the
 * dead letters for a moment's trouble.
 */
const LATENESS_MIN = Duration.minutes(4);

export type ScheduledFunctionProps = NodeFunctionProps &
  (
    | { readonly every: Duration }
    /** A time of day in an IANA zone. Summer time skips one night between two and three; that night there is no call. */
    | { readonly dailyAt: { readonly hour: number; readonly minute: number; readonly timeZone: string } }
  );

/**
 * A function called at a fixed rate, or once a day, by EventBridge Scheduler.
 *
 * Scheduler calls asynchronously, so two things can fail: handing the call to Lambda, and the call itself. Both end in
 * the same dead-letter queue. A call that is too late is given up: the next one does its work.
 */
export class ScheduledFunction extends Construct {
  readonly function: NodeFunction;

  constructor(scope: Construct, id: string, props: ScheduledFunctionProps) {
    super(scope, id);
    const { tenant, name } = props;
    const { schedule, latenessMax } = timesOf(props);
    const stack = Stack.of(this);
    this.function = new NodeFunction(this, 'Function', props);
    const lambda = this.function.lambda;
    const deadLetters = invocationDeadLetters(this, props);

    lambda.configureAsyncInvoke({
      retryAttempts: RETRIES,
      maxEventAge: latenessMax,
      onFailure: new SqsDestination(deadLetters),
    });

    const role = new Role(this, 'SchedulerRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnEquals: {
            'aws:SourceArn': stack.formatArn({
              service: 'scheduler',
              resource: 'schedule-group',
              resourceName: 'default',
            }),
          },
        },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lambda.functionArn] }),
    );
    deadLetters.grantSendMessages(role);
    new Schedule(this, 'Schedule', {
      scheduleName: resourceName(tenant, name),
      schedule,
      target: {
        bind: () => ({
          arn: lambda.functionArn,
          role,
          retryPolicy: { maximumRetryAttempts: RETRIES, maximumEventAgeInSeconds: latenessMax.toSeconds() },
          deadLetterConfig: { arn: deadLetters.queueArn },
        }),
      },
    });

    props.alarms.add(this, 'DeadLettersAlarm', {
      name: `${name}-dead-letters`,
      impact: props.failureImpact,
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      above: 0,
      periods: 1,
    });
  }
}

function timesOf(props: ScheduledFunctionProps): {
  readonly schedule: ScheduleExpression;
  /** A call later than this is of no more use: another one has come, or is near. */
  readonly latenessMax: Duration;
} {
  if ('every' in props) {
    const { every } = props;
    const latenessMax = every.toSeconds() < LATENESS_MIN.toSeconds() ? LATENESS_MIN : every;
    return { schedule: ScheduleExpression.rate(every), latenessMax };
  }
  const { hour, minute, timeZone } = props.dailyAt;
  const schedule = ScheduleExpression.cron({
    hour: String(hour),
    minute: String(minute),
    timeZone: TimeZone.of(timeZone),
  });
  return { schedule, latenessMax: DAILY_LATENESS_MAX };
}
