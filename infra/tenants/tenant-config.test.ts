import { describe, expect, it } from 'vitest';
import { knownTenants, loadTenant, parseTenant, TenantConfigError } from './tenant-config.ts';

const good = {
  tenant: 'bottega',
  account: '123456789012',
  region: 'eu-south-1',
  alarmEmail: 'avvisi@bottega.example',
};
const parse = (change: object) => () => parseTenant('bottega', JSON.stringify({ ...good, ...change }));

describe('a tenant file', () => {
  it('is read whole', () => {
    expect(parse({})()).toEqual(good);
  });

  it('may leave the account to the deploying credentials', () => {
    expect(parse({ account: undefined })().account).toBeUndefined();
  });

  it.each([
    [{ account: '1234' }, 'account: must be twelve digits'],
    [{ region: 'Milano' }, 'region: must be an AWS region'],
    [{ alarmEmail: 'nobody' }, 'alarmEmail'],
    [{ alarmEmail: undefined }, 'alarmEmail'],
    [{ tenant: 'Bottega' }, 'tenant: must be lower-case'],
    [{ tenant: 'a--b' }, 'tenant: must be lower-case'],
    [{ tenant: 'a-name-too-long-for-a-bucket' }, 'tenant'],
    [{ colour: 'red' }, 'colour'],
    [{ tenant: 'other' }, 'file name and tenant must be the same'],
  ])('with %j is refused in one sentence that names what is wrong', (change, said) => {
    expect(parse(change)).toThrow(TenantConfigError);
    expect(parse(change)).toThrow(said);
    expect(parse(change)).toThrow(/^infra\/tenants\/bottega\.json [^\n]*\.$/);
  });

  it('that is not JSON is refused', () => {
    expect(() => parseTenant('bottega', '{ tenant: bottega }')).toThrow(
      'infra/tenants/bottega.json is not valid JSON.',
    );
  });

  it('gives a bucket name that S3 takes, however long tenant and region are', () => {
    const tenant = parseTenant(
      'sixteen-letters0',
      JSON.stringify({ ...good, tenant: 'sixteen-letters0' }),
    ).tenant;
    expect(`markeplay-${tenant}-reports-123456789012-ap-southeast-1`.length).toBeLessThanOrEqual(63);
  });
});

describe('choosing a tenant', () => {
  it('finds every file of the folder', () => {
    expect(knownTenants()).toEqual(['demo', 'example']);
    for (const name of knownTenants()) expect(loadTenant(name).tenant).toBe(name);
  });

  it.each([undefined, '', true])('without a name (%j) says how to give one, and which there are', (name) => {
    expect(() => loadTenant(name)).toThrow(/-c tenant=<name>, one of demo, example/);
  });

  it.each(['nobody', '../demo', 'tenant-config'])('that has no file (%s) says which have', (name) => {
    expect(() => loadTenant(name)).toThrow(`There is no tenant "${name}"`);
  });
});
