import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { TenantConfig } from '../tenants/tenant-config.ts';
import { ApiStack } from './api-stack.ts';
import { ReceiptsStack } from './receipts-stack.ts';
import { ServiceStack } from './service-stack.ts';
import { StateStack } from './state-stack.ts';

/**
 * The stacks of one tenant: what must never be lost, and those that may be replaced every day.
 * Synthesis fails on an AWS Solutions finding that nobody has explained.
 */
export function addTenantStacks(
  app: App,
  config: TenantConfig,
): { state: StateStack; service: ServiceStack; receipts: ReceiptsStack; api: ApiStack } {
  const { tenant } = config;
  const props = {
    config,
    env: { region: config.region, ...(config.account === undefined ? {} : { account: config.account }) },
    tags: { application: 'markeplay-channels', tenant },
  };
  const state = new StateStack(app, `MarkeplayState-${tenant}`, {
    ...props,
    description: `Markeplay Channels, tenant ${tenant}: tables, report bucket and keys; kept when the stack goes`,
    terminationProtection: true,
  });
  const service = new ServiceStack(app, `MarkeplayService-${tenant}`, {
    ...props,
    description: `Markeplay Channels, tenant ${tenant}: functions, schedules, queues and alarms`,
    state,
  });
  const receipts = new ReceiptsStack(app, `MarkeplayReceipts-${tenant}`, {
    ...props,
    description: `Markeplay Channels, tenant ${tenant}: receipts, and how they come to marketplaces`,
    state,
    service,
  });
  const api = new ApiStack(app, `MarkeplayApi-${tenant}`, {
    ...props,
    description: `Markeplay Channels, tenant ${tenant}: the HTTP API and the functions behind it`,
    state,
    service,
    receipts,
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { state, service, receipts, api };
}
