import type { CustomisationFile, CustomisationPart } from '../domain/customisation.ts';
import type { FollowUpState } from '../domain/follow-up.ts';
import { orderId } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import { customisationText } from '../domain/texts/customisation/index.ts';
import type { ActivityLog } from '../ports/activity-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { CustomisationFiles } from '../ports/customisation-files.ts';
import type { FollowUpStore } from '../ports/follow-up-store.ts';
import type { OrderName } from './read-order.ts';

export interface ReadCustomisationDeps {
  readonly followUps: Pick<FollowUpStore, 'get'>;
  readonly customisations: Pick<CustomisationFiles, 'read' | 'linkTo'>;
  readonly activities: ActivityLog;
  readonly clock: Clock;
}

/** What a buyer wanted on one line, or why it is not known. Personal data. */
export interface CustomisationView {
  readonly state: FollowUpState;
  readonly problem: { readonly code: string; readonly it: string | null; readonly en: string | null } | null;
  readonly parts: readonly CustomisationPartView[];
  /** Kinds of parts that are not understood: the raw file says more. */
  readonly notUnderstood: readonly string[];
  readonly files: readonly (CustomisationFile & { readonly url: string })[];
}
interface CustomisationPartView extends Pick<CustomisationPart, 'label' | 'kind' | 'value'> {
  readonly surface: string | null;
  readonly font: string | null;
  readonly colour: string | null;
}

/**
 * The customisation of an order line, for somebody who says why; undefined for a line that has none. That it was read
 * is written down first: what cannot be written down is not shown.
 */
export async function readCustomisation(
  { followUps, customisations, activities, clock }: ReadCustomisationDeps,
  { marketplace, marketplaceOrderId, orderLineId }: OrderName & { readonly orderLineId: string },
  by: { readonly actor: string; readonly reason: string; readonly activityId: string },
): Promise<CustomisationView | undefined> {
  const line = { orderId: orderId(marketplace, marketplaceOrderId), orderLineId };
  const followUp = await followUps.get({ ...line, kind: 'customisation' });
  if (followUp === undefined) return undefined;
  const { state, problem } = followUp;
  // Files that are about to go, or came while it was being given up, are not shown.
  const read = state === 'done' ? await customisations.read(line) : undefined;
  await activities.append({
    activityId: by.activityId,
    at: isoInstant(clock.now()),
    actor: by.actor,
    action: 'customisation-read',
    subject: `order/${line.orderId}`,
    after: { reason: by.reason, orderLineId, state },
  });
  return {
    state,
    problem:
      problem === undefined
        ? null
        : {
            code: problem,
            it: customisationText(problem, 'it'),
            en: customisationText(problem, 'en'),
          },
    parts: (read?.parts ?? []).map((part) => ({
      surface: part.surface ?? null,
      label: part.label,
      kind: part.kind,
      value: part.value,
      font: part.font ?? null,
      colour: part.colour ?? null,
    })),
    notUnderstood: read?.notUnderstood ?? [],
    files: await Promise.all(
      (read?.files ?? []).map(async (file) => ({
        ...file,
        url: await customisations.linkTo(line, file.name),
      })),
    ),
  };
}
