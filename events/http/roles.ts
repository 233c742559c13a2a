import * as z from 'zod';

/** The groups of the tenant's user pool; a person may be in several. */
export const ROLES = ['owner', 'operator', 'accountant', 'warehouse', 'viewer'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

export const EVERYBODY: readonly Role[] = [...ROLES];
/** Opens and changes channels, starts work. */
export const OPERATORS: readonly Role[] = ['owner', 'operator'];
/** Sees and uploads what the marketplaces paid. */
export const ACCOUNTING: readonly Role[] = ['owner', 'operator', 'accountant'];
/** May see who a parcel goes to. */
export const SHIPPING: readonly Role[] = ['owner', 'operator', 'warehouse'];
