import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { BUCKET, BUCKET_NOTIFICATIONS, QUEUE } from '../resource-types.ts';
import type { StackModel } from '../template.ts';
import type { Trace } from '../trace.ts';
import type { QueuesAndBuckets } from './queues-and-buckets.ts';

interface Rule {
  readonly bucket: string;
  readonly queueArn: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** Delivers S3's event notifications to the queues that the template names, filters honoured. */
export function startBucketNotifications(
  model: StackModel,
  emulator: QueuesAndBuckets,
  trace: Trace,
): { readonly pending: number; stop(): Promise<void> } {
  const rules = notificationRules(model);
  const queueUrls = new Map(model.of(QUEUE).map(({ arn, ref }) => [arn, ref]));
  let delivering = Promise.resolve();
  let pending = 0;

  const unsubscribe = emulator.onUpload((upload) => {
    trace.add('object-created', upload);
    // One after the other, so that the trace tells the order in which objects came.
    pending += 1;
    delivering = delivering.then(async () => {
      await deliver(upload);
      pending -= 1;
    });
  });

  async function deliver({ bucket, key }: { bucket: string; key: string }): Promise<void> {
    const matching = rules.filter(
      (rule) => rule.bucket === bucket && key.startsWith(rule.prefix) && key.endsWith(rule.suffix),
    );
    for (const rule of matching) {
      try {
        const { sizeBytes, eTag } = await emulator.describeObject(bucket, key);
        const { MessageId } = await emulator.sqs.send(
          new SendMessageCommand({
            QueueUrl: queueUrls.get(rule.queueArn),
            MessageBody: JSON.stringify(
              objectCreatedEvent({ bucket, key, sizeBytes, eTag, region: model.region, at: new Date() }),
            ),
          }),
        );
        trace.add('notification-sent', { bucket, key, messageId: MessageId ?? '' });
      } catch (error) {
        // The object may be gone again: S3 would have sent the event all the same, the reader finds nothing.
        trace.add('notification-failed', {
          bucket,
          key,
          error: error instanceof Error ? error.name : 'unknown',
        });
      }
    }
  }

  return {
    get pending() {
      return pending;
    },
    async stop() {
      unsubscribe();
      await delivering;
    },
  };
}

function notificationRules(model: StackModel): Rule[] {
  const rules: Rule[] = [];
  const add = (
    bucket: string,
    queueArn: string,
    filters: readonly { Name: 'prefix' | 'suffix'; Value: string }[],
  ): void => {
    const valueNamed = (name: string): string => filters.find(({ Name }) => Name === name)?.Value ?? '';
    rules.push({ bucket, queueArn, prefix: valueNamed('prefix'), suffix: valueNamed('suffix') });
  };
  for (const { name, properties } of model.of(BUCKET)) {
    for (const { Queue, Filter } of properties.NotificationConfiguration?.QueueConfigurations ?? []) {
      add(name, Queue, Filter?.S3Key.Rules ?? []);
    }
  }
  for (const { properties } of model.of(BUCKET_NOTIFICATIONS)) {
    for (const { QueueArn, Filter } of properties.NotificationConfiguration.QueueConfigurations) {
      add(properties.BucketName, QueueArn, Filter?.Key.FilterRules ?? []);
    }
  }
  return rules;
}

/** S3's notification of one object. Source: Amazon S3 user guide, "Event message structure". */
export function objectCreatedEvent(created: {
  readonly bucket: string;
  readonly key: string;
  readonly sizeBytes: number;
  readonly eTag: string;
  readonly region: string;
  readonly at: Date;
}): object {
  const { bucket, key, sizeBytes, eTag, region, at } = created;
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: region,
        eventTime: at.toISOString(),
        // The tag of an object put together from parts ends in the number of parts.
        eventName: eTag.includes('-') ? 'ObjectCreated:CompleteMultipartUpload' : 'ObjectCreated:Put',
        userIdentity: { principalId: 'LOCAL' },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'local',
          bucket: { name: bucket, ownerIdentity: { principalId: 'LOCAL' }, arn: `arn:aws:s3:::${bucket}` },
          object: {
            // Encoded as S3 does: like a form field, but slashes stay.
            key: encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+'),
            size: sizeBytes,
            eTag,
            sequencer: at.getTime().toString(16).toUpperCase().padStart(16, '0'),
          },
        },
      },
    ],
  };
}
