/**
 * Physical names a person meets in the console, or that two resources need before either exists.
 * Every one carries the tenant, so that two tenants can share an account.
 */
export function resourceName(tenant: string, name: string): string {
  return `markeplay-${tenant}-${name}`;
}

/** CloudWatch namespace of the metrics that functions count themselves. */
export function metricsNamespace(tenant: string): string {
  return `Markeplay/${tenant}`;
}
