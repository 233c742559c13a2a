import * as z from 'zod';

/** Path and query of routes that have none. */
export const nothingSchema = z.strictObject({});

export const marketplaceSchema = z.enum(['amazon', 'ebay', 'manomano']);

/** `amazon-it`: lower-case letters, digits and hyphens. */
export const courierSchema = z.enum(['brt', 'gls', 'dhl', 'poste', 'ups', 'manual']);
/** In the order of a shipment's life, as far as it has one. */
export const shipmentStateSchema = z.enum([
  'created',
  'data-transmitted',
  'picked-up',
  'in-transit',
  'out-for-delivery',
  'ready-for-pickup',
  'notice-left',
  'postponed',
  'delayed',
  'on-hold',
  'refused',
  'address-problem',
  'not-collected',
  'customs',
  'damaged-or-lost',
  'exception',
  'partly-delivered',
  'delivered',
  'returned',
  'cancelled',
]);
/** What has become of telling a marketplace how its order travels. */
export const confirmationStateSchema = z.enum(['wanted', 'sending', 'confirmed', 'left-alone', 'refused']);
export const deadlineClockSchema = z.enum(['ship-by', 'valid-tracking']);
/** How much of a window is used up: less than half, half, most of it, all. */
export const deadlineLevelSchema = z.enum(['none', 'half', 'most', 'over']);
export const channelIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);

/** An instant in UTC, to the millisecond, from any offset. */
export const instantSchema = z.iso.datetime({ offset: true });

/** An amount in the currency's unit, as text: `"-11.68"`. */
export const amountSchema = z.string().regex(/^-?\d+(?:\.\d+)?$/);
export const moneySchema = z.object({ amount: amountSchema, currency: z.string() });

const PAGE_LIMIT_MAX = 100;
/** Entries of a page, and where the page before ended: text from its answer, not to be made or changed by a caller. */
export const pagingShape = {
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(50),
  cursor: z.string().min(1).max(2_000).optional(),
};
/** Null on the last page. */
export const nextCursorSchema = z.string().nullable();
