import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { resourceName } from './names.ts';
import type { NodeFunction } from './node-function.ts';
import { explainWildcards } from './wildcards.ts';

/** Italian law keeps accounting documents for ten years (art. 2220 c.c.), and the year they were made in is the first. */
const KEPT = Duration.days(11 * 366);
const ACCESS_LOGS_KEPT = Duration.days(90);

/**
 * Issued PDFs and the shop's logos: kept for the fiscal period, apart from the personal data that ends 27 days after
 * delivery. Versioned, and no function may delete: what was issued stays what it was.
 */
export class ReceiptBucket extends Construct {
  readonly bucket: Bucket;
  readonly #arn: string;
  readonly #key: IKey;

  constructor(
    scope: Construct,
    id: string,
    { tenant, key }: { readonly tenant: string; readonly key: IKey },
  ) {
    super(scope, id);
    this.#key = key;
    const { account, region, partition } = Stack.of(this);
    // Composed, not referred to: permissions on its objects are explained by name.
    const bucketName = `${resourceName(tenant, 'receipts')}-${account}-${region}`;
    this.#arn = `arn:${partition}:s3:::${bucketName}`;
    const accessLogs = new Bucket(this, 'AccessLogs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ expiration: ACCESS_LOGS_KEPT }],
    });
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName,
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      serverAccessLogsBucket: accessLogs,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { id: 'FiscalPeriodEnds', expiration: KEPT, noncurrentVersionExpiration: KEPT },
        { id: 'UnfinishedUploadsExpire', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
  }

  /** @param actions of `s3:GetObject` and `s3:PutObject` what the function does under the prefix */
  grant(consumer: NodeFunction, actions: readonly ('Get' | 'Put')[], prefix: string): void {
    const objects = `${this.#arn}/${prefix}*`;
    const { lambda } = consumer;
    lambda.addToRolePolicy(
      new PolicyStatement({ actions: actions.map((action) => `s3:${action}Object`), resources: [objects] }),
    );
    explainWildcards(
      consumer,
      [objects],
      'The objects under one prefix of the one bucket: documents are made later.',
    );
    if (actions.includes('Get')) {
      // To tell a file that is not there from a forbidden one.
      lambda.addToRolePolicy(
        new PolicyStatement({
          actions: ['s3:ListBucket'],
          resources: [this.#arn],
          conditions: { StringLike: { 's3:prefix': [`${prefix}*`] } },
        }),
      );
    }
    lambda.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', ...(actions.includes('Put') ? ['kms:GenerateDataKey'] : [])],
        resources: [this.#key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${Stack.of(this).region}.amazonaws.com` } },
      }),
    );
  }
}
