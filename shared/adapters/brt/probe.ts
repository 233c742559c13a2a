import { CourierRefusedError } from '../../domain/courier-refusal.ts';
import type { CourierProbe } from '../../ports/courier-probe.ts';
import { type BrtClient, type BrtCredentials, brtCredentialsSchema, createBrtClient } from './client.ts';

/** No parcel has it: BRT looks at the login first, and then says that it does not know the parcel. */
const NO_PARCEL = '000000000000000';

/** Tries a contract with BRT by asking for a parcel that does not exist. */
export function createBrtProbe(
  create: (credentials: BrtCredentials) => BrtClient = createBrtClient,
): CourierProbe {
  return {
    async probe(credentials) {
      const parsed = brtCredentialsSchema.safeParse(credentials);
      if (!parsed.success) {
        const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
        throw new CourierRefusedError('brt', `brt: not BRT's credentials: ${fields}`, { reason: 'invalid' });
      }
      await create(parsed.data).trackParcel(NO_PARCEL);
    },
  };
}
