import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { RouteId } from '../../../events/http/routes.ts';
import { useApi } from '../session/context.tsx';
import type { Answer, Call, CalledRoute } from './client.ts';

/** One answer of the API, kept as long as it is looked at. */
export function useAnswer<Id extends CalledRoute>(
  id: Id,
  call: Omit<Call<Id>, 'signal'> = {},
  options: { readonly enabled?: boolean; readonly refetchInterval?: number | false } = {},
) {
  const api = useApi();
  return useQuery({
    queryKey: [id, call.params, call.query],
    queryFn: ({ signal }) => api.call(id, { ...call, signal }),
    ...options,
  });
}

type PagedRoute = {
  [Id in CalledRoute]: Answer<Id & RouteId> extends { readonly cursor: string | null } ? Id : never;
}[CalledRoute];

/** A list that the API gives page by page. */
export function usePages<Id extends PagedRoute>(
  id: Id,
  call: Omit<Call<Id>, 'signal'> = {},
  options: { readonly enabled?: boolean; readonly refetchInterval?: number | false } = {},
) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [id, 'pages', call.params, call.query],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call(id, {
        ...call,
        query: { ...call.query, cursor: pageParam } as Call<Id>['query'],
        signal,
      } as Call<Id>),
    getNextPageParam: (page: Answer<Id>) => (page as { readonly cursor: string | null }).cursor ?? undefined,
    ...options,
  });
}
