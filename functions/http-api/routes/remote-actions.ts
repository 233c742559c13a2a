import { remoteEffectTexts, remoteRefusalText } from '../../../shared/domain/texts/remote-actions/index.ts';
import { Problem } from '../../../shared/runtime/http-problem.ts';
import {
  type NamedWish,
  shownCapabilities,
  shownPreview,
  shownRemoteAction,
  wishOf,
} from '../../../shared/usecases/named-remote-actions.ts';
import {
  listRemoteActions,
  previewRemoteAction,
  type RequestRemoteActionDeps,
  readRemoteCapabilities,
  requestRemoteAction,
  settleRemoteAction,
} from '../../../shared/usecases/request-remote-action.ts';
import type { Asked, RemoteActionImplementations } from '../implementation.ts';

type Refusal = Parameters<typeof remoteRefusalText>[1];
/** Refusals of what was written; the others are of the moment. */
const OF_THE_WISH: readonly Refusal['code'][] = [
  'reason-not-taken',
  'line-unknown',
  'line-twice',
  'no-lines',
  'too-many',
  'amount-malformed',
  'other-currency',
  'too-much',
  'carrier-not-mapped',
  'tracking-number-malformed',
  'tracking-url-missing',
  'line-without-sku',
  'action-of-another-wish',
];

export function remoteActionRoutes(
  deps: Omit<RequestRemoteActionDeps, 'actor'>,
): RemoteActionImplementations {
  return {
    async readRemoteCapabilities({ params }) {
      const capabilities = await readRemoteCapabilities(deps, nameOf(params));
      if (capabilities === undefined) throw new Problem('not-found');
      return { body: shownCapabilities(params.marketplace, capabilities) };
    },

    async previewRemoteAction({ params, body }) {
      const preview = await previewRemoteAction(deps, nameOf(params), readable(params, body));
      if (preview === undefined) throw new Problem('not-found');
      return { body: shownPreview(params.marketplace, preview) };
    },

    async requestRemoteAction({ params, body, caller }) {
      const { marketplace, actionId } = params;
      const acting = { ...deps, actor: caller.subject };
      const wish = readable(params, body);
      const requested = await requestRemoteAction(acting, nameOf(params), actionId, wish);
      if (requested === undefined) throw new Problem('not-found');
      if (requested.outcome === 'refused') throw refused(marketplace, requested.refusal);
      if (requested.outcome === 'action-of-another-wish') {
        throw refused(marketplace, { code: 'action-of-another-wish', detail: '' });
      }
      const { action } = requested;
      return {
        body: {
          action: shownRemoteAction(action),
          effects: remoteEffectTexts(marketplace, action.wish),
        },
      };
    },

    async listRemoteActions({ params }) {
      const actions = await listRemoteActions(deps, nameOf(params));
      if (actions === undefined) throw new Problem('not-found');
      return { body: { actions: actions.map(shownRemoteAction) } };
    },

    async readRemoteAction({ params }) {
      const actions = await listRemoteActions(deps, nameOf(params));
      const action = actions?.find(({ actionId }) => actionId === params.actionId);
      if (action === undefined) throw new Problem('not-found');
      return { body: shownRemoteAction(action) };
    },

    async settleRemoteAction({ params, body, caller }) {
      const acting = { ...deps, actor: caller.subject };
      const settled = await settleRemoteAction(acting, nameOf(params), params.actionId, body.done);
      if (settled === undefined) throw new Problem('not-found');
      if (settled.outcome === 'not-unclear') throw new Problem('conflict');
      return { body: shownRemoteAction(settled.action) };
    },
  };
}

type Params = Asked<'readRemoteCapabilities'>['params'];

function nameOf({ marketplace, orderNumber }: Params) {
  return { marketplace, marketplaceOrderId: orderNumber };
}

function readable({ marketplace }: Params, named: NamedWish) {
  const wish = wishOf(named);
  if ('code' in wish) throw refused(marketplace, wish);
  return wish;
}

function refused(marketplace: Params['marketplace'], refusal: Refusal): Problem {
  const { it: detail, en: detailEn } = remoteRefusalText(marketplace, refusal);
  return new Problem(OF_THE_WISH.includes(refusal.code) ? 'refused' : 'conflict', {
    code: refusal.code,
    words: { detail, detailEn },
  });
}
