import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { resourceName } from './names.ts';
import type { NodeFunction } from './node-function.ts';
import { explainWildcards } from './wildcards.ts';

/**
 * Behind the daily deletion, which knows when an order was delivered: the longest that anything here can be wanted is a
 * month to be delivered and a month after it.
 */
const KEPT_AT_MOST = Duration.days(60);
const ACCESS_LOGS_KEPT = Duration.days(90);

/**
 * Files that belong to a person: customisations with their pictures. Under the buyers' own key, and without versions: what
 * is deleted here is gone.
 */
export class PersonalBucket extends Construct {
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
    const bucketName = `${resourceName(tenant, 'personal')}-${account}-${region}`;
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
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      serverAccessLogsBucket: accessLogs,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { id: 'PersonalFilesExpire', expiration: KEPT_AT_MOST },
        { id: 'UnfinishedUploadsExpire', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
  }

  /** @param actions of `s3:GetObject`, `s3:PutObject` and `s3:DeleteObject` what the function does */
  grant(consumer: NodeFunction, actions: readonly ('Get' | 'Put' | 'Delete')[], prefix: string): void {
    const objects = `${this.#arn}/${prefix}*`;
    const { lambda } = consumer;
    lambda.addToRolePolicy(
      new PolicyStatement({ actions: actions.map((action) => `s3:${action}Object`), resources: [objects] }),
    );
    explainWildcards(
      consumer,
      [objects],
      'The objects under one prefix of the one bucket: orders are made later.',
    );
    // To delete all of an order, and to tell a file that is gone from a forbidden one.
    if (actions.includes('Delete') || actions.includes('Get')) {
      lambda.addToRolePolicy(
        new PolicyStatement({
          actions: ['s3:ListBucket'],
          resources: [this.#arn],
          conditions: { StringLike: { 's3:prefix': [`${prefix}*`] } },
        }),
      );
    }
    const keyActions = [
      ...(actions.includes('Get') || actions.includes('Put') ? ['kms:Decrypt'] : []),
      ...(actions.includes('Put') ? ['kms:GenerateDataKey'] : []),
    ];
    if (keyActions.length === 0) return;
    lambda.addToRolePolicy(
      new PolicyStatement({
        actions: keyActions,
        resources: [this.#key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${Stack.of(this).region}.amazonaws.com` } },
      }),
    );
  }
}
