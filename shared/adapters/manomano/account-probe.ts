import type { AccountFindings } from '../../domain/account.ts';
import { RejectedError } from '../../domain/errors.ts';
import type { AccountProbe } from '../../ports/account-probe.ts';
import { createManomanoClient, type ManomanoClient, manomanoCredentialsSchema } from './client.ts';

/**
 * Asks ManoMano whether a key is good, contract by contract: it has no call that names the contracts of a key, and the
 * offers list is the one that shows nobody's data. One call each, of the hourly allowance that orders share.
 */
export function createManomanoAccountProbe(
  create: typeof createManomanoClient = createManomanoClient,
): AccountProbe {
  return {
    async probe(credentials, siteIds) {
      const parsed = manomanoCredentialsSchema.safeParse(credentials);
      if (!parsed.success) {
        throw new RejectedError('manomano', 'manomano: the credentials hold no usable key', { status: 401 });
      }
      const client = create(parsed.data);
      const contractIds = [...new Set(siteIds)];
      if (contractIds.length === 0) await askWithoutContract(client);
      const sites: AccountFindings['sites'][number][] = [];
      const refusals: RejectedError[] = [];
      for (const contractId of contractIds) {
        const refusal = await refusalOf(client, contractId);
        sites.push({ siteId: contractId, name: `ManoMano ${contractId}`, active: refusal === undefined });
        if (refusal !== undefined) refusals.push(refusal);
      }
      // A key that nobody knows may be forbidden instead of unauthorised: then every contract is.
      const [forbidden] = refusals;
      if (forbidden !== undefined && refusals.length === sites.length && refusals.every(isForbidden)) {
        throw forbidden;
      }
      return { sites, missing: [] };
    },
  };
}

const isForbidden = ({ status }: RejectedError): boolean => status === 403;

/** Why the contract does not answer, where that is the contract's own: 403 and 404 say that it is not enabled. */
async function refusalOf(client: ManomanoClient, contractId: string): Promise<RejectedError | undefined> {
  try {
    await ask(client, { seller_contract_id: contractId });
    return undefined;
  } catch (error) {
    if (error instanceof RejectedError && (error.status === 403 || error.status === 404)) return error;
    throw error;
  }
}

/** A good key is answered that the contract is missing, a bad one that it is bad. */
async function askWithoutContract(client: ManomanoClient): Promise<void> {
  try {
    await ask(client, {});
  } catch (error) {
    const onlyTheContract = error instanceof RejectedError && (error.status === 400 || error.status === 422);
    if (!onlyTheContract) throw error;
  }
}

async function ask(client: ManomanoClient, query: Readonly<Record<string, string>>): Promise<void> {
  await client.call({
    operation: 'offers',
    method: 'GET',
    path: '/api/v1/offer-information/offers',
    query: { ...query, page: '1', limit: '1' },
  });
}
