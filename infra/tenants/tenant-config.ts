import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * One tenant: one seller business, one deployment. Everything that differs between two tenants is here.
 *
 * The name is part of bucket, queue and function names. A bucket name has at most 63 characters
 * (S3 user guide, "Bucket naming rules") and account, region and our own words take 46 of them.
 */
const tenantConfigSchema = z.strictObject({
  tenant: z
    .string()
    .regex(
      /^[a-z](?:-?[a-z0-9])*$/,
      'must be lower-case letters, digits and single hyphens, starting with a letter',
    )
    .max(16),
  /** Left out, the stacks go to whichever account the deploying credentials belong to. */
  account: z
    .string()
    .regex(/^\d{12}$/, 'must be twelve digits')
    .optional(),
  region: z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'must be an AWS region such as eu-south-1'),
  /** Receives every alarm; AWS asks it to confirm once. */
  alarmEmail: z.email(),
});
export type TenantConfig = z.infer<typeof tenantConfigSchema>;

/** A tenant that cannot be deployed, said in one sentence for the person at the keyboard. */
export class TenantConfigError extends Error {}

const here = new URL('.', import.meta.url);

/** Names of the tenants that have a file here. */
export function knownTenants(): readonly string[] {
  return readdirSync(here)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/**
 * Reads `infra/tenants/<name>.json`.
 * @throws TenantConfigError when there is no name, no such file, or the file is not a tenant.
 */
export function loadTenant(name: unknown): TenantConfig {
  if (typeof name !== 'string' || name === '') {
    throw new TenantConfigError(
      `Say which tenant: -c tenant=<name>, one of ${knownTenants().join(', ')} (the files in infra/tenants).`,
    );
  }
  if (!knownTenants().includes(name)) {
    throw new TenantConfigError(
      `There is no tenant "${name}": infra/tenants has ${knownTenants().join(', ')}; add infra/tenants/${name}.json.`,
    );
  }
  return parseTenant(name, readFileSync(new URL(`${name}.json`, here), 'utf8'));
}

/**
 * @param name the file's name without `.json`; the tenant inside must be the same.
 * @throws TenantConfigError naming the first field that is wrong.
 */
export function parseTenant(name: string, text: string): TenantConfig {
  const file = `infra/tenants/${name}.json`;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TenantConfigError(`${file} is not valid JSON.`, { cause });
  }
  const parsed = tenantConfigSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') || 'the file';
    throw new TenantConfigError(`${file} is not a tenant: ${field}: ${issue?.message}.`, {
      cause: parsed.error,
    });
  }
  if (parsed.data.tenant !== name) {
    throw new TenantConfigError(
      `${file} names the tenant "${parsed.data.tenant}": file name and tenant must be the same.`,
    );
  }
  return parsed.data;
}
