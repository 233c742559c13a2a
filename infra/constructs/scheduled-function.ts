import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { resourceName } from './names.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import { invocationDeadLetters } from './work-queue.ts';

/** Two more tries of a call that failed; then it is for a person. */
const RETRIES = 2;

export interface ScheduledFunctionProps extends NodeFunctionProps {
  readonly every: Duration;
}

/**
 * A function called at a fixed rate by EventBridge Scheduler.
 *
 * Scheduler calls asynchronously, so two things can fail: handing the call to Lambda, and the call itself. Both end in
 * the same dead-letter queue. A call older than the interval is given up: the next one does its work.
 */
export class ScheduledFunction extends Construct {
  readonly function: NodeFunction;

  constructor(scope: Construct, id: string, props: ScheduledFunctionProps) {
    super(scope, id);
    const { tenant, name, every } = props;
    const stack = Stack.of(this);
    this.function = new NodeFunction(this, 'Function', props);
    const lambda = this.function.lambda;
    const deadLetters = invocationDeadLetters(this, props);

    lambda.configureAsyncInvoke({
      retryAttempts: RETRIES,
      maxEventAge: every,
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
      schedule: ScheduleExpression.rate(every),
      target: {
        bind: () => ({
          arn: lambda.functionArn,
          role,
          retryPolicy: { maximumRetryAttempts: RETRIES, maximumEventAgeInSeconds: every.toSeconds() },
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
