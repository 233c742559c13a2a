import { BUCKET, DISTRIBUTION, distributionHost, USER_POOL_DOMAIN } from './resource-types.ts';
import type { StackModel } from './template.ts';

/** The template's addresses that only exist once it is deployed, and those that stand for them on this machine. */
export interface Addresses {
  /** A text of the template, such as a header, with every such address as it is here. */
  here(text: string): string;
  /** An origin of this machine as it is in the template. */
  there(origin: string): string;
}

export function readAddresses(
  model: StackModel,
  endpoints: { readonly console: string; readonly s3: string; readonly people?: string },
): Addresses {
  const { region } = model;
  const pairs: (readonly [there: string, here: string])[] = [
    ...model
      .of(DISTRIBUTION)
      .map(({ name }) => [`https://${distributionHost(name)}`, endpoints.console] as const),
    ...model
      .of(BUCKET)
      .map(({ name }) => [`https://${name}.s3.${region}.amazonaws.com`, endpoints.s3] as const),
  ];
  if (endpoints.people !== undefined) {
    for (const { name } of model.of(USER_POOL_DOMAIN))
      pairs.push([`https://${name}.auth.${region}.amazoncognito.com`, endpoints.people]);
  }
  return {
    here: (text) => pairs.reduce((sofar, [there, here]) => sofar.replaceAll(there, here), text),
    there: (origin) => pairs.find(([, here]) => here === origin)?.[0] ?? origin,
  };
}
