import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { envSchema } from '../../../functions/check-accounts/env.ts';
import { ScheduledFunction } from '../../constructs/scheduled-function.ts';
import { serviceMetric } from '../../constructs/service-metric.ts';
import type { FeatureProps } from './feature.ts';

/** Each marketplace is asked by a function of its own: one that does not answer says nothing of the others. */
const MARKETPLACES = [
  { id: 'Amazon', name: 'amazon', spelled: 'Amazon' },
  { id: 'Ebay', name: 'ebay', spelled: 'eBay' },
  { id: 'Manomano', name: 'manomano', spelled: 'ManoMano' },
] as const;

/** Whether each account still lets us in, and when its credentials end. */
export function addAccountChecks(scope: Construct, { tenant, alarms, state }: FeatureProps): void {
  const { stateTable, credentials } = state;
  for (const { id, name, spelled } of MARKETPLACES) {
    const { function: checkAccounts } = new ScheduledFunction(scope, `Check${id}Accounts`, {
      tenant,
      alarms,
      name: `check-accounts-${name}`,
      folder: 'check-accounts',
      entry: `${name}.ts`,
      envSchema,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        CREDENTIALS_PREFIX: credentials.prefix,
      },
      every: Duration.minutes(15),
      // Several contracts of a silent marketplace are each waited for.
      timeout: Duration.minutes(5),
      memoryMb: 256,
      failureImpact: `An authorisation that ${spelled} takes back, or credentials that end, are not noticed.`,
    });
    // UpdateItem: the account's allowance of calls.
    stateTable.grant(checkAccounts, ['GetItem', 'Query', 'PutItem', 'UpdateItem']);
    credentials.grantRead(checkAccounts);
  }

  // Counted by all of them together.
  const metric = (metricName: string) =>
    // Longer than the time between two checks: an account between two of them stays what it was.
    serviceMetric(tenant, 'check-accounts', metricName, Duration.minutes(30));
  alarms.add(scope, 'AccountsRevokedAlarm', {
    name: 'accounts-revoked',
    impact:
      'A marketplace no longer knows the authorisation of an account: nothing of its channels arrives until it is renewed.',
    metric: metric('AccountsRevoked'),
    above: 0,
    periods: 1,
  });
  alarms.add(scope, 'CredentialsExpireAlarm', {
    name: 'credentials-expire',
    impact: 'Credentials of an account end within 30 days: from then on nothing of its channels arrives.',
    metric: metric('CredentialsExpiringSoon'),
    above: 0,
    periods: 1,
  });
}
