import { join } from 'node:path';
import { CreateBucketCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type FauxqsServer, type S3SpyEvent, type SpyMessage, startFauxqs } from 'fauxqs';
import { BUCKET, QUEUE } from '../resource-types.ts';
import { StartFailure } from '../start-failure.ts';
import type { StackModel } from '../template.ts';

/** SQS and S3 (fauxqs, in this process). */
export interface QueuesAndBuckets {
  readonly endpoint: string;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  createQueues(model: StackModel): Promise<void>;
  createBuckets(model: StackModel): Promise<void>;
  /** Size and tag of an object, as its notification states them. */
  describeObject(bucket: string, key: string): Promise<{ sizeBytes: number; eTag: string }>;
  /** Calls back for every object put, copied or completed from parts; the answer stops it. */
  onUpload(listener: (upload: { bucket: string; key: string }) => void): () => void;
  /** Messages waiting or being worked on. One that was put back for later is not on its way yet. */
  unfinishedMessages(queueName: string): number;
  stop(): Promise<void>;
}

/** The account fauxqs answers for, whatever the template says. */
const EMULATOR_ACCOUNT_ID = '000000000000';
/** Uploads remembered until they are seen; far more than can come between two turns of the event loop. */
const SPY_BUFFER_EVENTS = 2_000;

/** @param dataDir keeps queues, messages and objects there; without it they live in memory */
export async function startQueuesAndBuckets(options: {
  readonly region: string;
  readonly dataDir: string | undefined;
}): Promise<QueuesAndBuckets> {
  const { region, dataDir } = options;
  let server: FauxqsServer;
  try {
    server = await startFauxqs({
      port: 0,
      logger: false,
      defaultRegion: region,
      messageSpies: { bufferSize: SPY_BUFFER_EVENTS },
      ...(dataDir === undefined ? {} : { dataDir, s3StorageDir: join(dataDir, 'objects') }),
    });
  } catch (cause) {
    if (dataDir === undefined) throw cause;
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new StartFailure(
      `La cartella ${dataDir} non è leggibile (code e file): cancellarla o indicarne un'altra con --data.\n` +
        `The folder ${dataDir} cannot be read (queues and files): delete it or name another one with --data. (${detail})`,
      { cause },
    );
  }
  const endpoint = `http://127.0.0.1:${server.port}`;
  const clientOptions = {
    endpoint,
    region,
    credentials: { accessKeyId: 'LOCALSTACK', secretAccessKey: 'local' },
  };
  const sqs = new SQSClient({ ...clientOptions, useQueueUrlAsEndpoint: false });
  const s3 = new S3Client({ ...clientOptions, forcePathStyle: true });
  const stopListening = new Set<() => void>();

  return {
    endpoint,
    sqs,
    s3,
    async createQueues(model) {
      // Dead-letter queues first: a redrive policy may only name a queue that exists.
      const queues = model.of(QUEUE);
      const ordered = [
        ...queues.filter(({ properties }) => properties.RedrivePolicy === undefined),
        ...queues.filter(({ properties }) => properties.RedrivePolicy !== undefined),
      ];
      for (const { name, properties } of ordered) {
        const { QueueName, RedrivePolicy, ...numbers } = properties;
        const attributes: Record<string, string> = {};
        for (const [key, value] of Object.entries(numbers)) {
          if (value !== undefined) attributes[key] = String(value);
        }
        if (RedrivePolicy !== undefined) {
          attributes.RedrivePolicy = JSON.stringify({
            ...RedrivePolicy,
            deadLetterTargetArn: RedrivePolicy.deadLetterTargetArn.replace(
              `:${model.accountId}:`,
              `:${EMULATOR_ACCOUNT_ID}:`,
            ),
          });
        }
        // In two steps: a queue kept from an earlier run may have had other settings.
        const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
        await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: attributes }));
      }
    },
    async createBuckets(model) {
      for (const { name } of model.of(BUCKET)) await s3.send(new CreateBucketCommand({ Bucket: name }));
    },
    async describeObject(bucket, key) {
      const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return { sizeBytes: head.ContentLength ?? 0, eTag: (head.ETag ?? '').replaceAll('"', '') };
    },
    onUpload(listener) {
      const seen = new WeakSet<SpyMessage>();
      let listening = true;
      const isNewUpload = (message: SpyMessage): message is S3SpyEvent =>
        message.service === 's3' && message.status === 'uploaded' && !seen.has(message);
      const listen = async (): Promise<void> => {
        while (listening) {
          const message = await server.spy.waitForMessage(isNewUpload);
          if (!listening || !isNewUpload(message)) return;
          seen.add(message);
          listener({ bucket: message.bucket, key: message.key });
        }
      };
      // The wait is broken off, as an error, when the spy is cleared on stop.
      listen().catch((error: unknown) => {
        if (listening) throw error;
      });
      const stop = (): void => {
        listening = false;
        stopListening.delete(stop);
      };
      stopListening.add(stop);
      return stop;
    },
    unfinishedMessages(queueName) {
      const queue = server.inspectQueue(queueName);
      if (queue === undefined) return 0;
      const { ready, inflight } = queue.messages;
      return ready.length + inflight.length;
    },
    async stop() {
      for (const stop of stopListening) stop();
      server.spy.clear();
      sqs.destroy();
      s3.destroy();
      await server.stop();
    },
  };
}
