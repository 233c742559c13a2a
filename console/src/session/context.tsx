import { createContext, type ReactNode, useContext } from 'react';
import type { Role } from '../../../events/http/roles.ts';
import type { ApiClient } from '../api/client.ts';
import type { Session } from './session.ts';

interface Signed {
  readonly session: Session;
  readonly api: ApiClient;
}

const SignedContext = createContext<Signed | undefined>(undefined);

export function SignedIn({ value, children }: { readonly value: Signed; readonly children: ReactNode }) {
  return <SignedContext value={value}>{children}</SignedContext>;
}

function useSigned(): Signed {
  const signed = useContext(SignedContext);
  if (signed === undefined) throw new Error('nobody has signed in');
  return signed;
}

export function useApi(): ApiClient {
  return useSigned().api;
}

export function useSession(): Session {
  return useSigned().session;
}

/** Whether the person is in one of these groups. */
export function useMay(...roles: readonly Role[]): boolean {
  const { session } = useSigned();
  return roles.some((role) => session.roles.includes(role));
}
