import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { NodeFunction } from './node-function.ts';
import { explainWildcards } from './wildcards.ts';

/**
 * Partner credentials: SecureString parameters under one path and one key, written by a person or the API, never by
 * a template.
 */
export class Credentials {
  /** `<prefix>/<marketplace>/<accountId>` is one account's, `<prefix>/personal-data/<id>` a provider's. */
  readonly prefix: string;
  readonly #key: IKey;

  constructor(tenant: string, key: IKey) {
    this.prefix = `/markeplay/${tenant}/credentials`;
    this.#key = key;
  }

  /** @param owner whose credentials only: a marketplace, or `personal-data` */
  grantRead(consumer: NodeFunction, owner?: string): void {
    const { lambda } = consumer;
    const { partition, region, account } = Stack.of(lambda);
    const parameters = `arn:${partition}:ssm:${region}:${account}:parameter${this.prefix}/${owner === undefined ? '' : `${owner}/`}*`;
    lambda.addToRolePolicy(new PolicyStatement({ actions: ['ssm:GetParameter'], resources: [parameters] }));
    explainWildcards(
      consumer,
      [parameters],
      'The accounts of one tenant: they are opened after the deployment.',
    );
    lambda.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [this.#key.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `ssm.${region}.amazonaws.com` },
          StringLike: { 'kms:EncryptionContext:PARAMETER_ARN': parameters },
        },
      }),
    );
  }

  /** @param owner whose credentials only */
  grantWrite(consumer: NodeFunction, owner: string): void {
    const { lambda } = consumer;
    const { partition, region, account } = Stack.of(lambda);
    const parameters = `arn:${partition}:ssm:${region}:${account}:parameter${this.prefix}/${owner}/*`;
    lambda.addToRolePolicy(new PolicyStatement({ actions: ['ssm:PutParameter'], resources: [parameters] }));
    lambda.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:Encrypt'],
        resources: [this.#key.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `ssm.${region}.amazonaws.com` },
          StringLike: { 'kms:EncryptionContext:PARAMETER_ARN': parameters },
        },
      }),
    );
  }
}
