import { expect, test } from 'vitest';
import type * as z from 'zod';
import { brtCredentialsSchema } from '../shared/adapters/brt/client.ts';
import { dhlCredentialsSchema } from '../shared/adapters/dhl/tracker.ts';
import { glsCredentialsSchema } from '../shared/adapters/gls/tracker.ts';
import { posteCredentialsSchema } from '../shared/adapters/poste/tracker.ts';
import { upsCredentialsSchema } from '../shared/adapters/ups/tracker.ts';
import { type AskedCourier, courierCredentialFaults } from '../shared/domain/courier-account.ts';

const SCHEMAS: Readonly<Record<AskedCourier, z.ZodObject>> = {
  brt: brtCredentialsSchema,
  gls: glsCredentialsSchema,
  dhl: dhlCredentialsSchema,
  poste: posteCredentialsSchema,
  ups: upsCredentialsSchema,
};

test.each(Object.keys(SCHEMAS) as AskedCourier[])(
  'what a person is asked for of %s is what its adapter reads',
  (courier) => {
    const fields = Object.entries(SCHEMAS[courier].shape);
    const all = Object.fromEntries(fields.map(([name]) => [name, 'x']));
    expect(courierCredentialFaults(courier, all)).toEqual([]);
    expect(courierCredentialFaults(courier, { ...all, other: 'x' })).toEqual([
      { field: 'other', fault: 'unknown' },
    ]);
    for (const [name, schema] of fields) {
      const isOptional = schema.safeParse(undefined).success;
      const { [name]: _, ...without } = all;
      const faults = isOptional ? [] : [{ field: name, fault: 'missing' }];
      expect(courierCredentialFaults(courier, without)).toEqual(faults);
    }
  },
);
