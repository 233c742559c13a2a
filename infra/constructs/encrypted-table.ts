import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { NodeFunction } from './node-function.ts';

/** A table's keys, as `shared/adapters/dynamodb/table.ts` declares them. */
interface TableDeclaration {
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly timeToLive?: string;
  readonly indexes?: Readonly<
    Record<
      string,
      {
        readonly name: string;
        readonly partitionKey: string;
        readonly sortKey: string;
        /** Nothing but keys is copied into the index. */
        readonly keysOnly?: true;
      }
    >
  >;
}

export interface EncryptedTableProps {
  readonly declaration: TableDeclaration;
  readonly key: IKey;
}

/** What the key must allow to whoever uses a table under it (DynamoDB developer guide, "Encryption at rest: usage notes"). */
const TABLE_KEY_ACTIONS = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'];

/** A table nobody can delete by accident, recoverable to any second of the last 35 days, under a key of the tenant. */
export class EncryptedTable extends Construct {
  readonly table: Table;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, { declaration, key }: EncryptedTableProps) {
    super(scope, id);
    this.#key = key;
    this.table = new Table(this, 'Table', {
      partitionKey: text(declaration.partitionKey),
      ...(declaration.sortKey === undefined ? {} : { sortKey: text(declaration.sortKey) }),
      ...(declaration.timeToLive === undefined ? {} : { timeToLiveAttribute: declaration.timeToLive }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const index of Object.values(declaration.indexes ?? {})) {
      this.table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: text(index.partitionKey),
        sortKey: text(index.sortKey),
        projectionType: index.keysOnly === true ? ProjectionType.KEYS_ONLY : ProjectionType.ALL,
      });
    }
  }

  /** Lets a function ask one index of the table, and nothing else. */
  grantIndexQuery({ lambda }: NodeFunction, index: { readonly name: string }): void {
    lambda.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:Query'],
        resources: [`${this.table.tableArn}/index/${index.name}`],
      }),
    );
  }

  /** Lets a function do just these things on the table's items, and use the key for nothing else. */
  grant({ lambda }: NodeFunction, actions: readonly string[]): void {
    lambda.addToRolePolicy(
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [this.table.tableArn],
      }),
    );
    lambda.addToRolePolicy(
      new PolicyStatement({
        actions: TABLE_KEY_ACTIONS,
        resources: [this.#key.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(this).region}.amazonaws.com` },
        },
      }),
    );
  }
}

function text(name: string) {
  return { name, type: AttributeType.STRING };
}
