import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  HttpMethods,
  type LifecycleRule,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import {
  REPORT_PREFIX,
  SHIPMENT_FILE_PREFIX,
  SHIPMENT_RESULT_PREFIX,
} from '../../shared/adapters/s3/keys.ts';
import { resourceName } from './names.ts';
import type { NodeFunction } from './node-function.ts';
import { explainWildcards } from './wildcards.ts';
import type { WorkQueue } from './work-queue.ts';

/** Date-range reports carry the buyer's city, region and postcode: the personal-data rule ends them after 27 days. */
const ORIGINALS_KEPT = Duration.days(27);
/** What came of a dropped file, row by row: for as long as somebody may ask. */
const RESULTS_KEPT = Duration.days(90);
/** S3's shortest wait: an expired original is first hidden behind a delete marker, then removed. */
const HIDDEN_ORIGINALS_KEPT = Duration.days(1);
/**
 * Pages served by CloudFront: this bucket is there before the console's own address is known. What may be put is said by
 * the address that the API signs, for one file, one size and some minutes.
 */
const CONSOLE_ORIGINS = 'https://*.cloudfront.net';
const ORIGINS_REMEMBERED = Duration.hours(1);
const ACCESS_LOGS_KEPT = Duration.days(90);

export interface ReportBucketProps {
  readonly tenant: string;
  readonly key: IKey;
  /** Hears of every object put under the report prefix. */
  readonly uploads: WorkQueue;
  /** Hears of every file of shipments. */
  readonly shipmentFiles: WorkQueue;
}

/** Payment reports as uploaded, their copies without personal data, and what was made of them. */
export class ReportBucket extends Construct {
  readonly bucket: Bucket;
  readonly #arn: string;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, { tenant, key, uploads, shipmentFiles }: ReportBucketProps) {
    super(scope, id);
    this.#key = key;
    const { account, region, partition } = Stack.of(this);
    const accessLogs = new Bucket(this, 'AccessLogs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ expiration: ACCESS_LOGS_KEPT }],
    });
    // The name is composed, not referred to: the queue must admit the bucket before the bucket exists.
    const bucketName = `${resourceName(tenant, 'reports')}-${account}-${region}`;
    this.#arn = `arn:${partition}:s3:::${bucketName}`;
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName,
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      serverAccessLogsBucket: accessLogs,
      cors: [
        {
          allowedMethods: [HttpMethods.PUT],
          allowedOrigins: [CONSOLE_ORIGINS],
          allowedHeaders: ['*'],
          maxAge: ORIGINS_REMEMBERED.toSeconds(),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        ...expiring('Originals', REPORT_PREFIX, ORIGINALS_KEPT),
        // Couriers' programs put recipients beside the numbers.
        ...expiring('ShipmentFiles', SHIPMENT_FILE_PREFIX, ORIGINALS_KEPT),
        ...expiring('ShipmentResults', SHIPMENT_RESULT_PREFIX, RESULTS_KEPT),
        { id: 'UnfinishedUploadsExpire', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });

    const announced = [
      { prefix: REPORT_PREFIX, queue: uploads.queue },
      { prefix: SHIPMENT_FILE_PREFIX, queue: shipmentFiles.queue },
    ];
    // In the template itself: CDK's own notifications are made by a function of its, after the bucket.
    const resource = this.bucket.node.defaultChild as CfnBucket;
    resource.notificationConfiguration = {
      queueConfigurations: announced.map(({ prefix, queue }) => ({
        event: 's3:ObjectCreated:*',
        queue: queue.queueArn,
        filter: { s3Key: { rules: [{ name: 'prefix', value: prefix }] } },
      })),
    };
    for (const { queue } of announced) {
      const admitted = queue.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal('s3.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [queue.queueArn],
          conditions: {
            StringEquals: { 'aws:SourceAccount': account },
            ArnEquals: { 'aws:SourceArn': this.#arn },
          },
        }),
      );
      // S3 sends a test message when it is told of a queue, and refuses a queue that does not take it.
      if (admitted.policyDependable !== undefined) this.bucket.node.addDependency(admitted.policyDependable);
    }
  }

  /** May also list: without that, S3 answers for an object that is gone as for a forbidden one. */
  grantRead(reader: NodeFunction, prefixes: readonly string[]): void {
    this.#grantObjects(reader, ['s3:GetObject'], prefixes);
    reader.lambda.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.#arn] }),
    );
    this.#grantKey(reader, ['kms:Decrypt']);
  }

  /** Uploads in parts included: S3 reads back what it encrypted, and what is left of a failed one is taken away. */
  grantWrite(writer: NodeFunction, prefixes: readonly string[]): void {
    this.#grantObjects(writer, ['s3:PutObject', 's3:AbortMultipartUpload'], prefixes);
    this.#grantKey(writer, ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  /** Keys and dates of what stands under the prefix, not its content. */
  grantList({ lambda }: NodeFunction, prefix: string): void {
    lambda.addToRolePolicy(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [this.#arn],
        conditions: { StringLike: { 's3:prefix': [`${prefix}*`] } },
      }),
    );
  }

  #grantObjects(consumer: NodeFunction, actions: string[], prefixes: readonly string[]): void {
    const objects = prefixes.map((prefix) => `${this.#arn}/${prefix}*`);
    consumer.lambda.addToRolePolicy(new PolicyStatement({ actions, resources: objects }));
    explainWildcards(
      consumer,
      objects,
      'The objects under one prefix of the one bucket: their names are made later.',
    );
  }

  #grantKey({ lambda }: NodeFunction, actions: string[]): void {
    lambda.addToRolePolicy(
      new PolicyStatement({
        actions,
        resources: [this.#key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${Stack.of(this).region}.amazonaws.com` } },
      }),
    );
  }
}

/** What stands under a prefix ends after a while: hidden first, then removed with its mark. */
function expiring(what: string, prefix: string, kept: Duration): LifecycleRule[] {
  return [
    {
      id: `${what}Expire`,
      prefix,
      expiration: kept,
      noncurrentVersionExpiration: HIDDEN_ORIGINALS_KEPT,
    },
    { id: `${what}DeleteMarkersExpire`, prefix, expiredObjectDeleteMarker: true },
  ];
}
