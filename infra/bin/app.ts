import { App } from 'aws-cdk-lib';
import { addTenantStacks } from '../stacks/tenant-stacks.ts';
import { loadTenant, TenantConfigError } from '../tenants/tenant-config.ts';

const app = new App();
try {
  addTenantStacks(app, loadTenant(app.node.tryGetContext('tenant')));
} catch (error) {
  if (!(error instanceof TenantConfigError)) throw error;
  console.error(error.message);
  process.exit(1);
}
