import * as z from 'zod';
import { type Role, roleSchema } from '../../events/http/roles.ts';
import { Problem } from '../../shared/runtime/http-problem.ts';

/** The person who asks. */
export interface Caller {
  /** The sign-in's own id of the person: no name, no e-mail. */
  readonly subject: string;
  readonly roles: readonly Role[];
}

const claimsSchema = z.object({
  sub: z.string().min(1),
  /** An ID token says who signed in, to the program they signed in with: it is no permission to call. */
  token_use: z.literal('access'),
  /** API Gateway writes a list claim as `[owner operator]` (HTTP API developer guide, JWT authorizers). */
  'cognito:groups': z.union([z.string(), z.array(z.string())]).optional(),
});

/**
 * The caller by the claims that API Gateway's authorizer has checked.
 * @throws Problem 401 when there are none, or not those of an access token
 */
export function callerOf(claims: unknown): Caller {
  const parsed = claimsSchema.safeParse(claims);
  if (!parsed.success) throw new Problem('unauthenticated');
  const { sub, 'cognito:groups': groups = [] } = parsed.data;
  const names = typeof groups === 'string' ? groups.replaceAll(/^\[|\]$/g, '').split(/[\s,]+/) : groups;
  const roles = names.flatMap((name) => {
    const role = roleSchema.safeParse(name);
    return role.success ? [role.data] : [];
  });
  return { subject: sub, roles };
}
