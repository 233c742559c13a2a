import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import type { WorkQueue } from './work-queue.ts';

/** The smallest value Lambda allows; a second slow job does not wait for the first. */
const CONCURRENCY_MAX = 2;

export interface QueueConsumerProps extends Omit<NodeFunctionProps, 'timeout'> {
  /** The function's timeout is the one the queue's visibility was computed from. */
  readonly queue: WorkQueue;
  /** A job older than this is late enough for a person to look. */
  readonly oldestJobAlarmAge: Duration;
}

/** A function fed by a queue, one job at a time, with an alarm for what stays or dies in the queue. */
export class QueueConsumer extends Construct {
  readonly function: NodeFunction;

  constructor(scope: Construct, id: string, props: QueueConsumerProps) {
    super(scope, id);
    const { name, alarms, failureImpact } = props;
    const { queue, deadLetters, consumerTimeout } = props.queue;
    this.function = new NodeFunction(this, 'Function', { ...props, timeout: consumerTimeout });
    this.function.lambda.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 1,
        maxConcurrency: CONCURRENCY_MAX,
        reportBatchItemFailures: true,
      }),
    );

    alarms.add(this, 'DeadLettersAlarm', {
      name: `${name}-dead-letters`,
      impact: failureImpact,
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      above: 0,
      periods: 1,
    });
    alarms.add(this, 'QueueAgeAlarm', {
      name: `${name}-queue-age`,
      impact: failureImpact,
      metric: queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1) }),
      above: props.oldestJobAlarmAge.toSeconds(),
      periods: 5,
    });
  }
}
