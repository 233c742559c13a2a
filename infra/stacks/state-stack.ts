import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { BUYER_TABLE, STATE_TABLE } from '../../shared/adapters/dynamodb/table.ts';
import { Credentials } from '../constructs/credentials.ts';
import { EncryptedTable } from '../constructs/encrypted-table.ts';
import { PersonalBucket } from '../constructs/personal-bucket.ts';
import { ReceiptBucket } from '../constructs/receipt-bucket.ts';
import { ReportBucket } from '../constructs/report-bucket.ts';
import { UserPool } from '../constructs/user-pool.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import type { TenantConfig } from '../tenants/tenant-config.ts';

/** Here and not with the function, because the queue, which stands beside the bucket, is measured by it. */
const RECONCILE_TIMEOUT = Duration.minutes(5);
const SHIPMENT_FILE_TIMEOUT = Duration.minutes(5);

export interface StateStackProps extends StackProps {
  readonly config: TenantConfig;
}

/** What a tenant must never lose: orders, buyers, reports, and the keys they are under. */
export class StateStack extends Stack {
  readonly stateTable: EncryptedTable;
  readonly buyerTable: EncryptedTable;
  /** Files that belong to a person: customisations. */
  readonly personalFiles: PersonalBucket;
  readonly reports: ReportBucket;
  /** Issued PDFs and logos. */
  readonly receipts: ReceiptBucket;
  /**
   * Beside the bucket that fills it: a bucket can only announce to a queue that exists, and this stack
   * must not wait for the service stack.
   */
  readonly reportUploads: WorkQueue;
  /** The same for files of shipments. */
  readonly shipmentFiles: WorkQueue;
  readonly credentials: Credentials;
  readonly tenantKey: Key;
  readonly people: UserPool;

  constructor(scope: Construct, id: string, props: StateStackProps) {
    super(scope, id, props);
    const { tenant } = props.config;

    this.tenantKey = new Key(this, 'TenantKey', {
      alias: `markeplay/${tenant}`,
      description: `Markeplay Channels, tenant ${tenant}: orders, reports, credentials, alarm messages`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const buyerKey = new Key(this, 'BuyerKey', {
      alias: `markeplay/${tenant}/buyers`,
      description: `Markeplay Channels, tenant ${tenant}: the people behind the orders, and nothing else`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    this.stateTable = new EncryptedTable(this, 'StateTable', {
      declaration: STATE_TABLE,
      key: this.tenantKey,
    });
    this.buyerTable = new EncryptedTable(this, 'BuyerTable', { declaration: BUYER_TABLE, key: buyerKey });
    this.personalFiles = new PersonalBucket(this, 'PersonalFiles', { tenant, key: buyerKey });
    this.reportUploads = new WorkQueue(this, 'ReportUploads', {
      tenant,
      name: 'report-upload',
      consumerTimeout: RECONCILE_TIMEOUT,
    });
    this.shipmentFiles = new WorkQueue(this, 'ShipmentFiles', {
      tenant,
      name: 'shipment-file',
      consumerTimeout: SHIPMENT_FILE_TIMEOUT,
    });
    this.reports = new ReportBucket(this, 'Reports', {
      tenant,
      key: this.tenantKey,
      uploads: this.reportUploads,
      shipmentFiles: this.shipmentFiles,
    });
    this.receipts = new ReceiptBucket(this, 'Receipts', { tenant, key: this.tenantKey });
    this.credentials = new Credentials(tenant, this.tenantKey);

    this.people = new UserPool(this, 'People', { tenant });

    for (const [name, value] of Object.entries({
      StateTableName: this.stateTable.table.tableName,
      BuyerTableName: this.buyerTable.table.tableName,
      PersonalBucketName: this.personalFiles.bucket.bucketName,
      ReportBucketName: this.reports.bucket.bucketName,
      ReceiptBucketName: this.receipts.bucket.bucketName,
      ReportUploadQueueUrl: this.reportUploads.queue.queueUrl,
      ReportUploadDeadLetterQueueUrl: this.reportUploads.deadLetters.queueUrl,
      UserPoolId: this.people.pool.userPoolId,
      UserPoolClientId: this.people.client.userPoolClientId,
      CredentialsPrefix: this.credentials.prefix,
      CredentialsKeyAlias: `alias/markeplay/${tenant}`,
    })) {
      new CfnOutput(this, name, { value });
    }
  }
}
