import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Console } from '../constructs/console.ts';
import type { TenantConfig } from '../tenants/tenant-config.ts';
import type { ReceiptsStack } from './receipts-stack.ts';
import { PeoplesApi } from './service/http-api.ts';
import type { ServiceStack } from './service-stack.ts';
import type { StateStack } from './state-stack.ts';

export interface ApiStackProps extends StackProps {
  readonly config: TenantConfig;
  readonly state: StateStack;
  readonly service: ServiceStack;
  readonly receipts: ReceiptsStack;
}

/**
 * What people talk to: the HTTP API and the console in front of it. A stack of its own because CloudFormation takes 500 resources in one, and every route is one. It
 * holds nothing of its own and can be deleted and deployed again.
 */
export class ApiStack extends Stack {
  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, props);
    const { config, state, service, receipts } = props;
    const api = new PeoplesApi(
      this,
      { tenant: config.tenant, alarms: service.alarms, state },
      { ...service.askedQueues, receipts: receipts.issuing },
    );
    const console = new Console(this, 'Console', {
      tenant: config.tenant,
      people: state.people,
      api: api.api,
      uploads: state.reports.bucket,
    });
    api.api.admit(console.clientId);
    for (const [name, value] of Object.entries({ ...api.outputs, ConsoleUrl: console.url }))
      new CfnOutput(this, name, { value });
  }
}
