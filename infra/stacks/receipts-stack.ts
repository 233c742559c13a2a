import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { RECEIPT_PREFIX } from '../../shared/adapters/s3/keys.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import type { TenantConfig } from '../tenants/tenant-config.ts';
import { ReceiptIssuing } from './service/receipt-issuing.ts';
import { ReceiptUploads } from './service/receipt-uploads.ts';
import type { ServiceStack } from './service-stack.ts';
import type { StateStack } from './state-stack.ts';

export interface ReceiptsStackProps extends StackProps {
  readonly config: TenantConfig;
  readonly state: StateStack;
  readonly service: ServiceStack;
}

/**
 * Receipts: what makes them, and what puts them on marketplaces. A stack of its own because CloudFormation takes 500
 * resources in one. It holds nothing of its own and can be deleted and deployed again.
 */
export class ReceiptsStack extends Stack {
  /** Makes documents; asked through the API. */
  readonly issuing: ReceiptIssuing;

  constructor(scope: Construct, id: string, props: ReceiptsStackProps) {
    super(scope, id, props);
    const { config, state, service } = props;
    const { tenant } = config;
    const { alarms } = service;
    /** Says which documents were issued. */
    const issued = new WorkQueue(this, 'ReceiptsIssued', {
      tenant,
      name: 'receipts-issued',
      consumerTimeout: Duration.minutes(1),
    });
    this.issuing = new ReceiptIssuing(this, 'ReceiptIssuing', { tenant, alarms, state, issued });
    new ReceiptUploads(this, 'ReceiptUploads', {
      ...{ tenant, alarms, state, issued },
      files: {
        bucketName: state.receipts.bucket.bucketName,
        grantRead: (reader) => state.receipts.grant(reader, ['Get'], RECEIPT_PREFIX),
      },
    });
  }
}
