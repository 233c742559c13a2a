import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { resourceName } from './names.ts';

/** SQS's longest retention: two weeks for a person to look and redrive. */
const DEAD_LETTER_RETENTION = Duration.days(14);

/**
 * Shorter than the dead-letter retention: a dead letter keeps the age it had in its first queue
 * (SQS developer guide, "Dead-letter queues"), so at least ten days are left after it died.
 */
const WORK_RETENTION = Duration.days(4);

/** AWS's advice for a queue that feeds a function (Lambda developer guide, "Using Lambda with Amazon SQS"). */
const VISIBILITY_PER_FUNCTION_TIMEOUT = 6;

/** Five attempts: fewer would send a message away because its function was throttled (same page). */
const RECEIVES_MAX = 5;

interface Owner {
  readonly tenant: string;
  /** Kebab-case, without the tenant: `order-pull`. */
  readonly name: string;
}

export interface WorkQueueProps extends Owner {
  /** Timeout of the one function that reads the queue. */
  readonly consumerTimeout: Duration;
}

/** Jobs for one function, and the queue where those it could not do wait for a person. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly consumerTimeout: Duration;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.consumerTimeout = props.consumerTimeout;
    this.deadLetters = deadLetterQueue(this, props);
    this.queue = new Queue(this, 'Queue', {
      queueName: resourceName(props.tenant, props.name),
      retentionPeriod: WORK_RETENTION,
      visibilityTimeout: Duration.seconds(
        props.consumerTimeout.toSeconds() * VISIBILITY_PER_FUNCTION_TIMEOUT,
      ),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: RECEIVES_MAX },
    });
  }
}

/** Where calls of a function end that no queue stands behind. */
export function invocationDeadLetters(scope: Construct, owner: Owner): Queue {
  const queue = deadLetterQueue(scope, owner);
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'It is itself the dead-letter queue, of a schedule and of asynchronous invocations.',
  });
  return queue;
}

function deadLetterQueue(scope: Construct, { tenant, name }: Owner): Queue {
  return new Queue(scope, 'DeadLetters', {
    queueName: resourceName(tenant, `${name}-dead-letters`),
    retentionPeriod: DEAD_LETTER_RETENTION,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
}
