import { Problem } from '../../../shared/runtime/http-problem.ts';
import {
  approvePlan,
  changeRules,
  decideListing,
  importListing,
  type ManageListingsDeps,
  putProducts,
  readLook,
  readRules,
  requestLook,
  requestPlan,
} from '../../../shared/usecases/manage-listings.ts';
import {
  listingKeyOf,
  rateOf,
  shownLine,
  shownListing,
  shownLook,
  shownPlan,
  shownProduct,
  shownRules,
  writtenProduct,
} from '../../../shared/usecases/named-listings.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Asked, ProductImplementations } from '../implementation.ts';

export function productRoutes(deps: ManageListingsDeps): ProductImplementations {
  const decide = async (
    { params, version, caller }: Pick<Asked<'undoListingDecision'>, 'params' | 'version' | 'caller'>,
    wish: Parameters<typeof decideListing>[2],
  ) => {
    const decided = await decideListing({ ...deps, actor: caller.subject }, nameOf(params), wish, version);
    if (decided === undefined) throw new Problem('not-found');
    if (decided.outcome === 'unknown-product') throw refused('unknown-product');
    if (decided.outcome === 'conflict') throw new Problem('changed-meanwhile');
    return { body: shownListing(decided.stored), version: decided.stored.version };
  };

  return {
    async listListings({ params: { channelId }, query: { text, match, status, limit, cursor } }) {
      await known(deps, channelId);
      const list = `listings ${channelId} ${text ?? ''} ${match ?? ''} ${status ?? ''}`;
      const filter = { text, match, status };
      const page = await deps.listings.list({ channelId, filter, limit, cursor: openCursor(cursor, list) });
      return { body: { listings: page.listings.map(shownListing), cursor: sealCursor(page.cursor, list) } };
    },

    async readListing({ params }) {
      const { channelId, listingKey } = nameOf(params);
      const stored = await deps.listings.get(channelId, listingKey);
      if (stored === undefined) throw new Problem('not-found');
      return { body: shownListing(stored), version: stored.version };
    },

    decideListing: (asked) => decide(asked, asked.body),
    undoListingDecision: (asked) => decide(asked, undefined),

    async importListing({ params, body: { sku, vatRate }, caller }) {
      const vatRateBp = rateOf(vatRate);
      if (vatRateBp === undefined) throw refused('vat-rate-malformed');
      const acting = { ...deps, actor: caller.subject };
      const imported = await importListing(acting, nameOf(params), { sku, vatRateBp });
      if (imported === undefined) throw new Problem('not-found');
      if (imported.outcome === 'exists') throw new Problem('conflict', { code: 'sku-taken' });
      if (imported.outcome === 'invalid') throw refused(imported.faults.join(' '));
      return { body: shownProduct(imported.product) };
    },

    async readListingLook({ params }) {
      const read = await readLook(deps, params.channelId);
      if (read === undefined) throw new Problem('not-found');
      return { body: shownLook(read.channel.listingsSync === true, read.sync) };
    },

    async requestListingLook({ params }) {
      const requested = await requestLook(deps, params.channelId);
      if (requested === undefined) throw new Problem('not-found');
      if (requested === 'off') throw new Problem('conflict', { code: 'listings-switched-off' });
      return { body: { requested: requested === 'requested' } };
    },

    async readListingRules({ params }) {
      const rules = await readRules(deps, params.channelId);
      if (rules === undefined) throw new Problem('not-found');
      return { body: shownRules(rules), version: rules.version };
    },

    async changeListingRules({ params, body, version, caller }) {
      const changed = await changeRules({ ...deps, actor: caller.subject }, params.channelId, body, version);
      if (changed === undefined) throw new Problem('not-found');
      if (changed.outcome === 'invalid') throw refused('rules-malformed');
      if (changed.outcome === 'conflict') throw new Problem('changed-meanwhile');
      return { body: shownRules(changed.rules), version: changed.rules.version };
    },

    async requestListingPlan({ params, body: { listingIds }, caller }) {
      const keys = listingIds?.map((listingId) => nameOf({ ...params, listingId }).listingKey);
      const plan = await requestPlan({ ...deps, actor: caller.subject }, params.channelId, keys);
      if (plan === undefined) throw new Problem('not-found');
      return { body: shownPlan(plan) };
    },

    async listListingPlans({ params: { channelId }, query: { limit, cursor } }) {
      await known(deps, channelId);
      const list = `listing-plans ${channelId}`;
      const page = await deps.plans.list({ channelId, limit, cursor: openCursor(cursor, list) });
      return { body: { plans: page.plans.map(shownPlan), cursor: sealCursor(page.cursor, list) } };
    },

    async readListingPlan({ params }) {
      const plan = await deps.plans.get(params);
      if (plan === undefined) throw new Problem('not-found');
      return { body: shownPlan(plan) };
    },

    async listListingPlanLines({ params, query: { state, limit, cursor } }) {
      if ((await deps.plans.get(params)) === undefined) throw new Problem('not-found');
      const list = `listing-plan-lines ${params.planId} ${state ?? ''}`;
      const page = await deps.plans.lines({ ...params, state, limit, cursor: openCursor(cursor, list) });
      return { body: { lines: page.lines.map(shownLine), cursor: sealCursor(page.cursor, list) } };
    },

    async approveListingPlan({ params, body: { zeroes }, caller }) {
      const approved = await approvePlan({ ...deps, actor: caller.subject }, params, zeroes);
      if (approved === undefined) throw new Problem('not-found');
      if (approved.outcome !== 'approved') throw new Problem('conflict', { code: approved.outcome });
      return { body: shownPlan(approved.plan) };
    },

    async listProducts({ query: { text, limit, cursor } }) {
      const list = `products ${text ?? ''}`;
      const page = await deps.products.list({ text, limit, cursor: openCursor(cursor, list) });
      return { body: { products: page.products.map(shownProduct), cursor: sealCursor(page.cursor, list) } };
    },

    async putProducts({ body, caller }) {
      return {
        body: await putProducts({ ...deps, actor: caller.subject }, body.products.map(writtenProduct)),
      };
    },
  };
}

function nameOf({ channelId, listingId }: Asked<'readListing'>['params']) {
  const listingKey = listingKeyOf(listingId);
  if (listingKey === undefined) throw new Problem('not-found');
  return { channelId, listingKey };
}

async function known({ channels }: ManageListingsDeps, channelId: string): Promise<void> {
  if ((await channels.getChannel(channelId)) === undefined) throw new Problem('not-found');
}

function refused(code: string): Problem {
  return new Problem('refused', { code });
}
